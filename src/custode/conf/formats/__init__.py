"""How each language writes days, where Django's own form is misread or is not how people write."""
