"""Post-sales: processes with tasks, on closed leads."""
