"""The trash: what was taken away, by whom, and the way back."""
