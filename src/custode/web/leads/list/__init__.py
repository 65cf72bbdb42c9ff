"""The list: filters, sort, pages, columns, choosing."""
