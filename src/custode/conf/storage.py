"""Static files with names that change with their content, so that browsers may cache them."""

from __future__ import annotations

from typing import Final

from whitenoise.storage import (  # type: ignore[import-untyped]  # it has no types
    CompressedManifestStaticFilesStorage,
)

_IMPORTS: Final = (
    (
        r"""(?P<matched>import\s*["'](?P<url>\.\.?/.*?)["']\s*;)""",
        'import "%(url)s";',
    ),
    (
        r"""(?P<matched>import\s*(?P<names>\{[^}]*\})\s*from\s*["'](?P<url>\.\.?/.*?)["']\s*;)""",
        'import %(names)s from "%(url)s";',
    ),
)
"""Matches how our modules import each other. (Django's own option for this would read the packages'
scripts too, some of which refer to files that they do not ship.)
"""


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the same
    """WhiteNoise's storage, which also rewrites the imports between our modules."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("custode/*.js", _IMPORTS))
