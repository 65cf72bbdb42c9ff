"""Alerts: which acts an admin should hear of, who is told, and what was said about it.

The log is what alerts are judged by, after the act and outside of it (`judging`): an act costs no
statement more, and a worker that dies loses none, since each account's last judged entry is noted
together with what came of it. Nothing here knows an object, a screen or a mail server.
"""
