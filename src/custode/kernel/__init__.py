"""What every other layer stands on: who acts, in which account, when, and how it is said no.

Plain Python; nothing here knows a table or a screen.
"""
