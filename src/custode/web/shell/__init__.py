"""What every screen stands in: the frame, its parts, its navigation and its way of saying no."""
