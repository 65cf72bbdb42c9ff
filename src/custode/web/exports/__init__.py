"""The screens of exports: requesting them, and the files ready for download."""
