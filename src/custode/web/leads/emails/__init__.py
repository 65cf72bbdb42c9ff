"""E-mails from a lead: write, preview and send them, and follow what became of them."""
