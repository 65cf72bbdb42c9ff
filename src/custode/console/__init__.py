"""The `custode` program: what an operator does on the machine."""
