"""Alerts: what an admin should see, by which rules, and the letters that tell of it."""
