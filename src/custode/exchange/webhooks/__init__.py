"""Webhooks: what happens in an account, told to the programs and addresses that its admins name.

`hearing` notes what happens in the transaction in which it happens; `unfolding` makes deliveries of
it; `pump`, which every worker runs all the time, sends them (`sending`, `letters`), as often as it
takes (`outbox`). `moves` is what admins and the API do, `queries` what they see.
"""
