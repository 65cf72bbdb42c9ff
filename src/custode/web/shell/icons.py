"""Icons as inline SVG: they need no request, and take the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> SafeString:
    """Return the lucide icon with this name, hidden from screen readers: there are words beside it.

    Args:
        size: width and height in pixels.
    """
    drawn = lucide(
        name, size=size, stroke_width="1.75", aria_hidden="true", focusable="false",
        **{"class": f"icon icon-{size}"},
    )  # fmt: skip
    return SafeString(drawn)
