"""Lists of people and companies who may become leads: sheets with columns of their own."""
