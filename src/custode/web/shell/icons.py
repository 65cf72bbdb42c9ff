"""Icons as inline SVG: no request, and they take the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> SafeString:
    """The lucide icon of this name, hidden from screen readers: words stand beside it.

    Args:
        size: width and height in pixels.
    """
    drawn = lucide(
        name, size=size, stroke_width="1.75", aria_hidden="true", focusable="false",
        **{"class": f"icon icon-{size}"},
    )  # fmt: skip
    return SafeString(drawn)
