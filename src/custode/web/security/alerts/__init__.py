"""Alerts: what an admin should see, their rules, and the e-mails that report them."""
