"""The shell around every screen: the frame, its parts, navigation and error pages."""
