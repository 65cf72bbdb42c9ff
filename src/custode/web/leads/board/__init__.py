"""The board: a column for each step, moved by mouse, touch or keyboard."""
