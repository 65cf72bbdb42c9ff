"""Files in and out: the only code that reads what people bring and writes what leaves."""
