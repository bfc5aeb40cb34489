"""Patterns of JSON Schemas, which the script itself makes JavaScript's. Needs Node.js."""

from __future__ import annotations

import json
import re
import subprocess
import warnings
from importlib.resources import files

from k6_support import NODE, needs_node

PATTERNS = (
    r"^a.b$", r"\s+x", r"[\s\]]x", r"[]a]+", r"[^\S\n]", r"\bfoo\b", r"a{2}", r"a{", r"}", r"\-\:x", r"[\-\:a-c]", r"\x41\d",
    r"[[a]", r"a$", r"^\w+@\w+\.com$", r"(?:a|b)+?c", r"\/x", r"\S", r"\0", r"é\é", r"foo\B",
)  # fmt: skip
TEXTS = (
    "a\nb", "a b", "axb", "axb\n", " x", "\u00a0x", "]x", "a]a", "\u00a0", "foo bar", "éfoo", "aa", "a{", "}", "-:x", ":", "A1",
    "[a", "a\n", "a@b.com\n", "aabc", "/x", "\0", "😀", "a\u2028b", "éé", "fooz", "",
)  # fmt: skip
PROGRAM = """
const [patterns, texts] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(patterns.map((pattern) => texts.map((text) => portable(pattern).test(text)))));
"""


@needs_node
def test_patterns_of_schemas_mean_what_they_mean_everywhere() -> None:
    source = (files("loadwright.backends.k6") / "schema.js").read_text("utf-8")
    helpers = [part for part in source.split("\n\n") if "function portable" in part]
    given = json.dumps([PATTERNS, TEXTS])
    program = "\n\n".join([*helpers, PROGRAM])
    done = subprocess.run([str(NODE), "-e", program], input=given, capture_output=True, text=True, check=True, timeout=60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        expected = [[re.search(pattern, text, re.ASCII) is not None for text in TEXTS] for pattern in PATTERNS]
    found = json.loads(done.stdout)
    wrong = [
        (p, t)
        for p, row, want in zip(PATTERNS, found, expected, strict=True)
        for t, a, b in zip(TEXTS, row, want, strict=True)
        if a != b
    ]
    assert not wrong
