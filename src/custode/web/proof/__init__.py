"""Proof of identity: a dialog over the page that needs it, or a page of its own."""
