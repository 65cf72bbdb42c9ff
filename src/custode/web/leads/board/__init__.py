"""The board: a column for each step; cards are moved by mouse, touch or keyboard."""
