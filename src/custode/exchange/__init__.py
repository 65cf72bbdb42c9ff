"""Files in and out: the only code that parses incoming files and writes outgoing ones."""
