"""E-mails: written from templates, sent by a job through the account's server, kept with a result.

`moves` creates and changes them, `outbox` selects what is sent next, `sending` is the job,
`transport` speaks SMTP.
"""
