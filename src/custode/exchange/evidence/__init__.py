"""That nobody changed the log: checks of its chain, and checkpoints that are mailed out."""
