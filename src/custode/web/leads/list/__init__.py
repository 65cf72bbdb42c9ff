"""The list of leads: filters, order, pages, columns, selection."""
