"""The `custode` program: what an operator does at the machine."""
