"""The screens of imports: upload a file, map it, try it, import it, undo it."""
