"""The browsers and networks of the demo's people.

The addresses are reserved for documentation (RFC 5737).
"""

from __future__ import annotations

from typing import Final

_APPLE: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
_CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"

WINDOWS_CHROME: Final = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36"
WINDOWS_EDGE: Final = f"{WINDOWS_CHROME} Edg/142.0.0.0"
WINDOWS_FIREFOX: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
)
MAC_SAFARI: Final = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Safari/605.1.15"
MAC_CHROME: Final = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_CHROME} Safari/537.36"
LINUX_FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE: Final = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {_APPLE} Mobile/15E148 Safari/604.1"
)
IPAD: Final = f"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) {_APPLE} Mobile/15E148 Safari/604.1"
ANDROID: Final = f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36"

# E-mail name -> the browser at work, the mobile browser, and the address at home.
OF: Final = {
    "anna": (MAC_SAFARI, IPHONE, "198.51.100.17"),
    "oliver": (WINDOWS_EDGE, ANDROID, "198.51.100.52"),
    "marta": (WINDOWS_CHROME, IPHONE, "198.51.100.88"),
    "luca": (WINDOWS_FIREFOX, ANDROID, "198.51.100.103"),
    "emily": (MAC_CHROME, IPAD, "198.51.100.140"),
    "davide": (LINUX_FIREFOX, ANDROID, "198.51.100.201"),
    "carla": (MAC_SAFARI, IPHONE, "198.51.100.231"),
    "tom": (WINDOWS_CHROME, ANDROID, "198.51.100.244"),
}
OFFICE: Final = "192.0.2.20"
ON_THE_WAY: Final = "203.0.113."
"""The beginning of the phones' addresses."""
LOST: Final = "203.0.113.66"
"""The address from which a phone was last used before it was lost."""
STRANGE: Final = ("203.0.113.250", LINUX_FIREFOX)
"""The address and the browser of an intruder."""
