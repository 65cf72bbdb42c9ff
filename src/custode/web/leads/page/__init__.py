"""The page of a lead: its fields, edited in place, and its history."""
