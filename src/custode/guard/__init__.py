"""The one door: policy, trash, log and locks for every kind that is declared to it.

A layer above declares its kinds with `owned` (base models) and `kinds`, performs sensitive acts
with `door`, asks `policy` whether an actor may do something and `reach` whether one object is
within theirs, records ordinary edits with `history`, and reads what was done and deleted with
`log`, `refusals` and `trash`. The edits that could stand for a deletion go through `emptying`,
`rewriting` and `gathering`; what the API sends is counted by `scraping`; what a layer below needs
to know of one above is asked through `ports`. Modules that no layer above imports are internal.
"""
