"""The screens of sessions: one's own devices, and for admins the sessions of all users."""
