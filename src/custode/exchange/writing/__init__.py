"""Writing exported files: as CSV or as an Excel workbook."""
