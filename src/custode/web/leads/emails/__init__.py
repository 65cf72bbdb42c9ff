"""E-mails from a lead: written, looked at before they go, and told what became of them."""
