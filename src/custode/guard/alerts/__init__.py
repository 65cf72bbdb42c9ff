"""Alerts: which acts an admin should hear about, who is notified, and what was noted about each.

Alerts are judged from the log, after the act and outside its transaction (`judging`): an act needs
no extra statement, and a worker that dies loses none, because each account's last judged entry is
saved together with the resulting alerts. Nothing here knows about objects, screens or mail servers.
"""
