"""`check`, `fmt`, and how findings are shown. Needs nothing but Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadwright.compiler.cli.check import check
from loadwright.compiler.cli.fmt import fmt
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.reports.json_form import as_json
from loadwright.compiler.reports.text import as_text
from loadwright.compiler.source import Span

GOOD = 'intent "Shop"\ntarget shop = "https://shop.example.com"\njourney buy { step "Open" { GET "/" } }\n'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "shop.intent"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_good_intent_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD)
    assert check([path], "text") == 0
    assert capsys.readouterr().out == f"{path}: fine: 1 journey, 1 step, 1 request\n"


def test_a_warning_is_shown_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD.replace('GET "/"', 'GET "/" { capture id = json "$.id" }'))
    assert check([path], "text") == 0
    assert "warning[unused-capture]: `id` is captured and never used\n" in capsys.readouterr().out


def test_an_error_is_shown_with_its_line_and_underlined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD.replace('GET "/"', 'GET "/${itm}"'))
    assert check([path], "text") == 1
    assert capsys.readouterr().out == (
        "error[undefined-name]: `itm` has no value here\n"
        f" --> {path}:3:37\n"
        "  |\n"
        '3 | journey buy { step "Open" { GET "/${itm}" } }\n'
        "  |                                     ^^^\n"
        "  = hint: known: `shop`\n"
        f"\n{path}: 1 error\n"
        "\n`loadwright explain undefined-name` tells more about a finding.\n"
    )


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["not UTF-8", "missing"])
def test_an_unreadable_file_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None) -> None:
    path = written(tmp_path, content) if content else tmp_path / "missing.intent"
    assert check([path], "text") == 2
    assert "error[unreadable-file]: the file " in capsys.readouterr().out


def test_findings_as_json_have_code_place_and_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD.replace("GET", "GTE"))
    assert check([path], "json") == 0, "any word in capitals is a method"
    assert json.loads(capsys.readouterr().out) == {"errors": 0, "warnings": 0, "diagnostics": []}
    written(tmp_path, GOOD.replace("step", "stpe"))
    assert check([path], "json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["errors"] == 1
    assert answer["diagnostics"] == [
        {
            "code": "syntax",
            "severity": "error",
            "message": "`stpe` does not fit here in a journey",
            "hint": "did you mean `step`?",
            "place": f"{path}:3:15",
            "span": {"path": str(path), "line": 3, "column": 15, "end_line": 3, "end_column": 19},
        }
    ]


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    assert check([written(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())], "text") == 0


def test_the_underline_stands_below_wide_characters_and_in_cut_lines() -> None:
    span = Span(path="a", line=1, column=3, end_line=1, end_column=4)
    assert as_text([Diagnostic("c", "m", span=span)], {"a": "日\tx"}).splitlines()[-2:] == ["1 | 日 x", "  |    ^"]
    far = Span(path="a", line=1, column=5001, end_line=1, end_column=5004)
    line, underline = as_text([Diagnostic("c", "m", span=far)], {"a": "a" * 5000 + "xyz" + "b" * 5000}).splitlines()[-2:]
    assert line[underline.index("^") : underline.rindex("^") + 1] == "xyz"
    assert len(line) < 140


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    span = Span(path="a", line=1, column=1, end_line=1, end_column=2)
    shown = as_text([Diagnostic("c", "m \x1b[31m", "h \u202e", span)], {"a": "x\x1b[2J\u2028"})
    assert not set(shown) & {"\x1b", "\u202e", "\u2028"}


def test_a_finding_without_a_line_still_says_where() -> None:
    found = [Diagnostic("c", "m", "h", place="shop.har, entry 3")]
    assert as_text(found, {}) == "error[c]: m\n --> shop.har, entry 3\n  = hint: h\n"
    assert json.loads(as_json(found))["diagnostics"][0]["place"] == "shop.har, entry 3"


def test_fmt_brings_a_text_into_its_one_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD + "# the end\n")
    assert fmt(path, check=True) == 1
    assert path.read_text("utf-8") == GOOD + "# the end\n"
    assert fmt(path) == 0
    assert path.read_text("utf-8").startswith('intent "Shop"\n\ntarget shop')
    assert path.read_text("utf-8").endswith("\n\n# the end\n")
    assert fmt(path, check=True) == 0
