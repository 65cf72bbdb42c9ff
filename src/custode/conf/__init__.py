"""Custode's settings: `options` declares them, `settings` turns them into Django's."""
