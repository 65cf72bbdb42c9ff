"""E-mails: written from templates, sent by a job through the account's server, kept with a result.

`moves` takes one in, `outbox` says whose turn it is, `sending` is the job, `transport` speaks SMTP.
"""
