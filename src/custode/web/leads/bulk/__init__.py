"""What is done to many chosen leads at once: all of it through the door."""
