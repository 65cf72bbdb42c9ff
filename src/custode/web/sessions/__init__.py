"""Sessions on the screen: one's own devices, and for admins those of all users."""
