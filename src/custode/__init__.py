"""Custode: a lead-management CRM whose account security cannot be walked round."""

__version__ = "0.1.0"
