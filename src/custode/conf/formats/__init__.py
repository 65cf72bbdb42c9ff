"""Date formats by language, where Django's own are ambiguous or not how people write."""
