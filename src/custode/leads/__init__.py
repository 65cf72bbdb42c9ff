"""Leads in pipelines: the main work of a sales team."""
