"""Sessions: Custode's own engine below Django's, in which a session ends and is never deleted."""
