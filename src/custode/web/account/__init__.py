"""The admin panel: the account, its privacy settings, its users."""
