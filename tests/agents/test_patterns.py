"""Patterns that are looked for by their literal start find what `re` finds."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from loadwright.compiler.agents.observe.boundaries import _is_alone_before
from loadwright.compiler.agents.observe.patterns import matches
from loadwright.compiler.agents.values import literal_pattern

_TEXTS = st.text(alphabet='ab.&?="<>,; \n12', max_size=60)


@given(
    head=st.sampled_from(["", "[?&;]", r"\b", "[\"']"]),
    literal=st.text(alphabet='ab.?="', min_size=1, max_size=5),
    rest=st.sampled_from(['([^&"<>]+)', "(a+)b", r"(\d+)", "([^<>]*?)<", "*(a)", "?(b+)", '((?:[^"\\\\\\n]|\\\\.)+)"']),
    text=_TEXTS,
    times=st.integers(0, 3),
)
@example(head="[?&;]", literal="aaa", rest='([^&"<>]+)', text="&aaa=1&aaa=2", times=0)
@example(head="", literal="aaa", rest="(a+)b", text="aaaaab" * 3, times=0)
def test_the_matches_are_those_of_re(head: str, literal: str, rest: str, text: str, times: int) -> None:
    pattern = head + literal_pattern(literal) + rest
    text += f"&{literal}ab1" * times
    expected = [(match[1], match.start(1)) for match in re.finditer(pattern, text, re.ASCII)]
    assert [(match[1], match.start(1)) for match in matches(pattern, text)] == expected


@given(
    label=st.sampled_from([",ab", '"a;', "</a>", ", a,"]),
    texts=st.lists(_TEXTS, max_size=5),
    raw=st.text(alphabet="ab12", min_size=1),
)
def test_a_key_is_alone_before_a_label_where_its_pattern_finds_it_alone(label: str, texts: list[str], raw: str) -> None:
    text = label.join([*texts, raw]) + label
    found = re.findall(f"([^\\s\"'<>,;|]{{1,200}}){literal_pattern(label)}", text, re.ASCII)
    assert _is_alone_before(label, raw, text) == (found == [raw])
