"""Leads in pipelines: what a sales team works on all day."""
