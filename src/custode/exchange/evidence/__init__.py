"""Evidence that nobody changed the log: checks of its chain, and mailed checkpoints."""
