"""Values in links that only a server's key can write: its next run has others, whatever two recordings share."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.template import Reference, walk

SEALED = "ILhJkqR9oqAsKGjHt-jiC5gf0uThqNLxyqE3UrlIh74_VA-eLOvQePMtTuXTgWEuBLR4OV2xxB1q8_GYljeMCLo"


def visit(value: str) -> Session:
    """A page that loads a script by a link with a value."""
    session = Session().add(
        "GET", "/", html=f'<script src="/resource.axd?d={value}&amp;t=638835393400000000"></script><h1>Home</h1>'
    )
    return session.add("GET", f"/resource.axd?d={value}&t=638835393400000000", script="go()")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (SEALED, True),
        ("9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca7", False),  # a digest of the file
        ("2024-11-main_menu-and-other-words-that-say-what-is-in-the-file-that-is-loaded-here", False),
        (SEALED[:40], False),  # as long as a digest
    ],
)
def test_a_sealed_value_of_a_link_is_taken_from_its_page_though_two_recordings_share_it(value: str, taken: bool) -> None:
    result = imported(visit(value), visit(value))
    parts = list(walk(sent(result, 1).url))
    assert any(isinstance(part, Reference) and part.name == "d" for part in parts) is taken
    assert proved(result)
