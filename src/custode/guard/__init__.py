"""The one door: policy, trash, log and locks for every kind that is declared to it.

Public to the layers above: `owned` (base models), `kinds` (declarations), `door` (sensitive
verbs), `policy` (may this actor?), `history` (ordinary edits), `trash` and `log` (reading).
"""
