"""Post-sales: processes with tasks, on leads that are closed."""
