"""Webhooks: tell programs and e-mail addresses named by admins what happens in an account.

`hearing` records what happens in the transaction in which it happens; `unfolding` turns it into
deliveries; `pump`, which every worker runs continuously, sends them (`sending`, `letters`), with
retries (`outbox`). `moves` has the operations of admins and the API, `queries` what they see.
"""
