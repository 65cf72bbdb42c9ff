"""Proof of identity: a dialog on the page that asks for it, or a page of its own."""
