"""Files that are called by words, numbers of versions, or both: no token, though they look irregular."""

from __future__ import annotations

import re

_NUMBERED_FILE = re.compile(
    r"(?:[A-Z]?[a-z]+\d{0,2}[-_.])*[A-Z]?[a-z]{3,}[-_.]?\d{0,3}\.(?:x?html?|jsp|jsf|faces|php|aspx?|do|action|m?js|css|json|xml|txt|csv|"
    r"pdf|m3u8|mp[34]|m4[asv]|png|jpe?g|gif|svg|webp|woff2?|ttf|otf|eot|map|wasm)"
)
"""A file that is called by words and short numbers: `step2.html`, `saml2-acs.php`."""
_DATED_BUILD = re.compile(r"(?:[a-z][a-z_-]+\.){2,}20\d\d[01]\d[0-3]\d\d{0,2}")
"""Words and the day of a build: `frontend.js.latest.202403070`."""
_VERSIONED_FILE = re.compile(r"(?:[a-z]{2,}-)*v?\d{1,4}(?:\.\d{1,4}){1,3}(?:\.min)?\.[a-z]{2,5}")
"""A file called after a version (`1.0.0.json`, `jquery-3.7.1.min.js`)."""
_NAMED_FILE = re.compile(r"_?[a-z]*(?:[A-Z]{2,5}(?=[A-Z][a-z]))?(?:[A-Z][a-z]{2,})+\.(?:m?js|css|html?|json|xml)")
"""A file called by words in camel case, and an abbreviation before one: `_CheckBoxMixin.js`, `asyncXMLMerge.js`."""


def is_named_file(value: str) -> bool:
    """Whether a value is the name of a file that says what it is."""
    return any(pattern.fullmatch(value) for pattern in (_NUMBERED_FILE, _VERSIONED_FILE, _NAMED_FILE, _DATED_BUILD))
