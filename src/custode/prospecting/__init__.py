"""Lists of people and companies who may become leads, each a sheet with columns of its own."""
