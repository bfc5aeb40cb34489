"""The page on an import: complete, without secrets, and harmless whatever was recorded."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.import_report.spots import exact_spot
from loadwright.compiler.plan.model import BodySource, Capture, CssSource, JsonSource, RegexSource
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.scrubbing.sensitive import sensitive

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"
ATTRIBUTES = frozenset(
    (
        *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "role", "hidden", "type", "title"),
        *(
            "aria-keyshortcuts",
            "placeholder",
            "scope",
            "data-verdict",
            "data-item",
            "data-step",
            "checked",
            "open",
            "data-confidence",
            "aria-label",
        ),
    )
)
VOID = frozenset(("meta", "input", "br", "link", "img"))


class Page(HTMLParser):
    """A page taken apart: its tags in their order, and the text outside and inside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = self.code = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.code += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def report(folder: Path, *recordings: Path) -> str:
    import_(list(recordings), folder / "t.intent", report=folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    return report(tmp_path_factory.mktemp("shop"), SHOP / "checkout-1.har")


def test_it_shows_the_journey_and_each_decision_with_its_places(shop: str, tmp_path: Path) -> None:
    import_([SHOP / "checkout-1.har"], tmp_path / "t.intent", decisions=tmp_path / "why.json")
    decisions = json.loads((tmp_path / "why.json").read_text())["decisions"]
    page = Page(shop)
    ids = [a["id"] for a in page.all("details") if a.get("data-item") == "decision"]
    assert sorted(filter(None, ids)) == sorted(d["id"] for d in decisions)
    for decision in decisions:
        for text in (decision["source"], *decision["evidence"], *(r["reason"] for r in decision["rejected"])):
            assert text in page.text
    assert {a["href"] for a in page.all("a")} <= {f"#{i}" for i in ids} | {"#decisions", "#journey", "#left-out"}
    assert "answered by the browser's cache" in page.text
    assert "no failure in the recording" in page.text
    assert "15 high" not in page.text
    assert page.text.count("high confidence") == 15
    assert "22 of 22 requests equal the recording" in page.text
    csrf = re.search(r'<details id="d\d+".*?<strong>csrf</strong>.*?</details>', shop, re.DOTALL)
    assert csrf
    assert len(re.findall(r'<mark class="mask">‹token, 32 characters›</mark>', csrf.group())) == 2, "in its source and its use"
    assert re.search(r'name=&#34;csrf&#34; value=&#34;<mark class="mask">', csrf.group())
    assert re.search(r"csrf=<mark class=\"mask\">", csrf.group())


@pytest.mark.parametrize("name", ["checkout-1.har", "pkce-1.har"])
def test_no_secret_of_the_recording_is_in_it(name: str, tmp_path: Path) -> None:
    text = report(tmp_path, SHOP / name)
    found = sensitive([read_har(SHOP / name)[0]])
    assert len(found.kinds) > 20
    for value, kind in found.kinds.items():
        if kind == "personal value" and found.reach[value] == "field":
            continue
        for written in {value, quote(value, safe=""), quote_plus(value), html.escape(value), json.dumps(value)[1:-1]}:
            assert not re.search(rf"(?<![A-Za-z0-9]){re.escape(written)}(?![A-Za-z0-9])", text), f"{kind} {written}"


def test_two_journeys_keep_apart(tmp_path: Path) -> None:
    """Both recordings have an entry 5; each decision is shown with the texts of its own."""
    text = report(tmp_path, SHOP / "checkout-1.har", SHOP / "pkce-1.har")
    verifier = re.search(r'<details id="(d\d+)"(?:(?!</details>).)*the verifier of a PKCE pair.*?</details>', text, re.DOTALL)
    assert verifier
    assert "‹token, 43 characters›</mark>" in verifier.group()
    before, _, after = text.partition('<h2 id="journey">')[2].partition("<h3>pkce-1.har</h3>")
    assert f'href="#{verifier[1]}"' in after
    assert f'href="#{verifier[1]}"' not in before
    assert "csrf" in after


def test_it_needs_nothing_else(shop: str) -> None:
    page = Page(shop)
    assert not [tag for tag, a in page.tags if "src" in a or tag in ("link", "iframe", "img", "object", "form")]
    assert "http" not in page.code
    assert "default-src 'none'" in str(page.all("meta"))
    assert len(page.all("script")) == 1
    assert len(page.code) < 15_000


def test_it_can_be_used_by_keyboard_and_by_ear(shop: str) -> None:
    page = Page(shop)
    assert page.all("html") == [{"lang": "en"}]
    assert page.tags[[t for t, _ in page.tags].index("body") + 1] == ("a", {"class": "skip", "href": "#decisions"})
    assert "prefers-color-scheme" in page.code
    assert len(page.all("summary")) == len(page.all("details"))
    assert not [a for _, a in page.tags if "tabindex" in a or "onclick" in a]


HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% include 'x' %}",
    "javascript:alert(1)",
    "</details></span><a href=javascript:alert(1)>x</a>",
    "\u202etxt.exe\x07",
]


def test_recorded_text_never_becomes_part_of_the_page(tmp_path: Path) -> None:
    """The tags of the page are the same, whether the recorded texts are hostile or plain."""
    tags = []
    for number, texts in enumerate((HOSTILE, ["plain words"] * len(HOSTILE))):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = report(folder, hostile(folder, texts))
        page = Page(text)
        tags.append([(t, a if t not in ("meta",) else {}) for t, a in page.tags])
        if texts is HOSTILE:
            assert "<script>alert" not in text
            assert "alert(1)" in page.text
            assert "alert(1)" not in page.code
            assert "49" not in re.findall("{{ 7.*?x", page.text)
            assert "\u202e" not in text
            assert "⟨U+202E⟩" in page.text
    assert {t for t, _ in tags[0]} == {t for t, _ in tags[1]}
    assert [t for t, _ in tags[0] if t in ("script", "img", "form")] == ["script"]
    for tag, attributes in tags[0]:
        assert not [n for n in attributes if n.startswith("on")], tag
        places = "decisions|unresolved|failures|journey|left-out|oddities"
        assert re.fullmatch(rf"#(d\d+|r\d+-\d+|{places})", attributes.get("href") or "#d1")
        assert set(attributes) <= ATTRIBUTES


def hostile(folder: Path, texts: list[str]) -> Path:
    """A recording with the texts in titles, bodies, fields, headers, parameters and addresses."""
    entries = []
    for number, text in enumerate(texts):
        body = f"<title>{text}</title><form><input type='hidden' name='t' value='aB3kZ9xQ7pL2mN{number}'>{text}</form>"
        one = {
            "request": {"method": "GET", "url": f"http://a.test/{number}?q={quote(text)}", "headers": []},
            "response": {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text": body}},
        }
        sent = f"t=aB3kZ9xQ7pL2mN{number}&note={quote_plus(text)}&{quote_plus(text)}=1"
        headers = [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}, {"name": "X-Note", "value": text}]
        post = {"mimeType": "application/x-www-form-urlencoded", "text": sent}
        two = {
            "request": {"method": "POST", "url": f"http://a.test/{number}", "headers": headers, "postData": post},
            "response": {
                "status": 200,
                "headers": [],
                "content": {"mimeType": "text/html", "text": f"<title>Error {text}</title>"},
            },
        }
        entries += [one, two]
    entries.append({**entries[0], "request": {"method": "GET", "url": "http://cdn.jsdelivr.net/" + quote(texts[0]), "headers": []}})
    timed = [{**e, "startedDateTime": f"2026-11-25T10:00:{n:02d}.000Z", "time": 5} for n, e in enumerate(entries)]
    pages = [{"id": "p", "title": texts[0], "startedDateTime": "2026-11-25T10:00:00.000Z"}]
    path = folder / "hostile.har"
    log = {"version": "1.2", "creator": {"name": texts[0], "version": "1"}, "pages": pages, "entries": timed}
    path.write_text(json.dumps({"log": log}), encoding="utf-8")
    return path


def test_unresolved_values_come_first_and_open(tmp_path: Path) -> None:
    def exchange(url: str, n: int, body: str = "", **headers: str) -> dict[str, object]:
        sent = [{"name": k.replace("_", "-"), "value": v} for k, v in headers.items()]
        return {
            "startedDateTime": f"2026-11-25T10:00:{n:02d}.000Z",
            "time": 5,
            "request": {"method": "GET", "url": url, "headers": sent},
            "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": body or "{}"}},
        }

    entries = [
        exchange("http://a.test/one", 0, '{"id": "aB3kZ9xQ7pL2mN5"}'),
        exchange("http://a.test/two/aB3kZ9xQ7pL2mN5", 1),
        exchange("http://a.test/three?ref=kQ9dR2vX7tY4wB8z", 2),
    ]
    path = tmp_path / "a.har"
    path.write_text(json.dumps({"log": {"entries": entries}}))
    page = Page(report(tmp_path, path))
    decisions = [a for a in page.all("details") if a.get("data-item") == "decision"]
    assert [a["data-verdict"] for a in decisions][:2] == ["unresolved", "extract"]
    assert ["open" in a for a in decisions][:2] == [True, False]
    assert "kQ9dR2vX7tY4wB8z" not in page.text


def test_the_terminal_says_the_same_in_ten_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(tmp_path, SHOP / "checkout-1.har")
    said = capsys.readouterr().out.rpartition("\n\n")[2].splitlines()
    assert len(said) <= 10
    assert said[0].startswith("Journey: 10 steps, 22 of 49 entries kept; left out: 20 answered by the browser's cache")
    assert said[1].startswith("Decisions: 9 extract, 2 generate")
    assert said[1].endswith("; confidence: 15 high, 2 medium")
    assert not [line for line in said if "Failures" in line]
    assert said[-1].endswith("report.html")


@pytest.mark.parametrize(
    ("source", "occurrence", "text", "value", "before"),
    [
        (CssSource(selector="option", attribute="value"), 2, '<p id="1"><option value=0><option value="1">', "1", 'option value="'),
        (CssSource(selector="a", attribute="href"), 1, "<a href='/a?b=1&amp;c=2'>x</a>", "/a?b=1&c=2", "<a href='"),
        (CssSource(selector="#b", attribute="value"), 1, "<input id=a value=7><input id=b value=7>", "7", "id=b value="),
        (JsonSource(path="$.items[0].id"), 1, '{"count": 3, "items": [{"id": 3}]}', "3", '"id": '),
        (JsonSource(path="$['my id']"), 1, '{"a": "x", "my id": "x"}', "x", '"my id": "'),
        (RegexSource(pattern="t=([a-z]+)"), 2, "t=a;t=b", "b", ";t="),
    ],
)
def test_a_quote_marks_the_very_place_that_a_value_is_taken_from(
    source: CssSource | JsonSource | RegexSource, occurrence: int, text: str, value: str, before: str
) -> None:
    spot = exact_spot(Capture(name="x", source=source, occurrence=occurrence), text, value)
    assert spot is not None
    assert html.unescape(text[slice(*spot)]) == value
    assert text[: spot[0]].endswith(before)


def test_a_place_that_cannot_be_told_is_not_guessed() -> None:
    text = "<script>var a = '<b value=\"1\">'</script><option value='1'>"
    assert exact_spot(Capture(name="x", source=CssSource(selector="option", attribute="value")), text, "1") is None
    assert exact_spot(Capture(name="x", source=JsonSource(path="$[0]")), '["1"]', "1") is None
    assert exact_spot(Capture(name="x", source=BodySource()), "1", "1") is None
