"""Files that come in: brought, mapped, tried, let in, undone."""
