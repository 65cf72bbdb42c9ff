"""Files that leave: what the door lets through, as CSV or as an Excel workbook."""
