"""The page in a real browser, from a file: nothing fails, nothing is loaded, and the keyboard is enough. Needs Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from import_report.browser import Browser

from loadwright.compiler.cli.import_ import import_

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"
FOCUS = "(document.activeElement.textContent.trim() || document.activeElement.id || document.activeElement.tagName)"
SHOWN = "Array.from(document.querySelectorAll('[data-item=decision]:not([hidden])')).map((d) => d.dataset.verdict)"

CONTRAST = """
(() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parts = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const [r, g, b] = parts(c).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const c = getComputedStyle(node).backgroundColor;
      if (parts(c)[3] !== 0) return c;
    }
    return getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)';
  };
  const low = [];
  for (const details of document.querySelectorAll('details')) details.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length || ['SCRIPT', 'STYLE'].includes(node.tagName)) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const text = walker.currentNode.data.trim().slice(0, 40);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${node.tagName} ${node.className}: ${text}`);
  }
  return Array.from(new Set(low));
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    one = Browser(tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on a recording with an unresolved value, an error payload, and a login that failed."""
    folder = tmp_path_factory.mktemp("report")
    har = json.loads((SHOP / "checkout-1.har").read_text(encoding="utf-8"))
    entries = har["log"]["entries"]
    entries[11]["response"] = entries[7]["response"]
    entries[0]["request"]["url"] += "?ref=kQ9dR2vX7tY4wB8z"
    (folder / "failed.har").write_text(json.dumps(har), encoding="utf-8")
    import_([folder / "failed.har"], folder / "t.intent", report=folder / "report.html")
    return (folder / "report.html").as_uri()


def test_it_works_from_a_file_without_loading_or_breaking_anything(browser: Browser, page: str) -> None:
    browser.open(page)
    assert browser.run("document.querySelector('h1').textContent") == "T"
    assert browser.asked_for == [page]
    assert browser.problems == []
    assert browser.run("document.getElementById('tools').hidden") is False, "its script runs"
    assert browser.run("document.getElementById('shown').textContent").endswith("decisions shown")


def test_what_needs_attention_comes_first(browser: Browser, page: str) -> None:
    browser.open(page)
    titles = browser.run("Array.from(document.querySelectorAll('h2')).map((h) => h.textContent)")
    assert titles == ["Unresolved", "Failures in the recording", "Decisions", "Journey", "Left out"]
    assert browser.run("document.querySelector('.unresolved').open") is True
    failure = browser.run("document.querySelector('.failure').innerText")
    assert "login failed" in failure
    assert "later requests follow from it" in failure
    assert "record again with a user and password that work" in failure


def test_tab_goes_through_it_in_the_order_of_the_page(browser: Browser, page: str) -> None:
    browser.open(page)
    seen = []
    for _ in range(9):
        browser.press("Tab")
        seen.append(browser.run(FOCUS))
    assert seen[0] == "To the decisions"
    assert seen[1].endswith("unresolved")
    assert seen[2] == "1 failure in the recording"
    assert [s for s in seen if s in ("journey", "left out", "search")] == ["journey", "left out", "search"]
    tops = browser.run(
        "Array.from(document.querySelectorAll('a, input, summary'))"
        ".filter((n) => n.getClientRects().length && n.className !== 'skip' && !n.closest('details:not([open]) > div'))"
        ".map((n) => Math.round(n.getBoundingClientRect().top + n.getBoundingClientRect().height / 2))"
    )
    assert all(later > earlier - 24 for earlier, later in pairwise(tops)), "the order is that of the eye"


def test_the_skip_link_leads_to_the_decisions(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.press("Tab", "Enter")
    browser.wait("location.hash === '#decisions'")
    browser.wait("Math.abs(document.getElementById('decisions').getBoundingClientRect().top) < 200")


def test_the_slash_key_searches_and_escape_clears(browser: Browser, page: str) -> None:
    browser.open(page)
    every = browser.run(f"{SHOWN}.length")
    browser.press("/")
    assert browser.run("document.activeElement.id") == "search"
    assert browser.run("document.activeElement.value") == "", "the key itself is not typed"
    browser.type("FULL_NAME typed")
    left = browser.run("Array.from(document.querySelectorAll('[data-item=decision]:not([hidden])')).map((d) => d.textContent)")
    assert 0 < len(left) < every
    assert all("full_name" in text and "typed" in text for text in left)
    assert browser.run("document.getElementById('shown').textContent") == f"{len(left)} of {every} decisions shown"
    assert browser.run("document.querySelectorAll('[data-step]:not([hidden])').length") < 4
    browser.press("Enter")
    assert browser.run("document.activeElement.parentElement.id") == browser.run(
        "document.querySelector('[data-item=decision]:not([hidden])').id"
    )
    browser.press("/", "Escape")
    assert browser.run(f"{SHOWN}.length") == every
    browser.press("j")
    assert browser.run("document.getElementById('search').value") == "", "the keys go on after the search"


def test_on_paper_everything_is_open(browser: Browser, page: str) -> None:
    browser.open(page)
    closed = browser.run("document.querySelectorAll('details:not([open])').length")
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.querySelectorAll('details:not([open])').length") == 0 < closed
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert browser.run("document.querySelectorAll('details:not([open])').length") == closed


def test_j_and_k_move_and_enter_opens(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.press("j", "j")
    second = browser.run("document.activeElement.parentElement.id")
    browser.press("j")
    third = browser.run("document.activeElement.parentElement.id")
    browser.press("k")
    assert browser.run("document.activeElement.parentElement.id") == second != third
    was = browser.run("document.activeElement.parentElement.open")
    browser.press("Enter")
    assert browser.run("document.activeElement.parentElement.open") is not was


def test_verdicts_and_confidence_are_filters(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.run("document.querySelector('input[data-verdict=extract]').focus()")
    browser.press(" ")
    assert "extract" not in browser.run(SHOWN)
    assert "parameterise" in browser.run(SHOWN)
    browser.run("document.querySelector('input[data-confidence=high]').focus()")
    browser.press(" ")
    assert "parameterise" not in browser.run(SHOWN)
    assert "secret" in browser.run(SHOWN), "what has no confidence stays"


def test_a_link_of_the_journey_opens_the_decision_also_when_it_is_filtered_out(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.run("document.querySelector('input[data-verdict=extract]').click()")
    browser.run("document.querySelector('.line .tag a').focus()")
    browser.press("Enter")
    browser.wait("document.activeElement.tagName === 'SUMMARY'")
    target = browser.run("location.hash.slice(1)")
    assert browser.run(f"document.getElementById('{target}').open") is True
    assert browser.run("document.activeElement.parentElement.id") == target


def test_a_failure_leads_to_its_request(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.run("document.querySelector('.failure h3 a').focus()")
    browser.press("Enter")
    browser.wait("location.hash.length > 1")
    target = browser.run("location.hash.slice(1)")
    assert "POST http://127.0.0.1:8765/login" in browser.run(f"document.getElementById('{target}').textContent")
    browser.wait(f"document.getElementById('{target}').getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_runs_over_the_edge(browser: Browser, page: str, width: int) -> None:
    browser.open(page, width=width)
    browser.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert browser.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_texts_can_be_read(browser: Browser, page: str, dark: bool) -> None:
    browser.open(page, dark=dark)
    assert browser.run("getComputedStyle(document.body).backgroundColor") == ("rgb(20, 24, 28)" if dark else "rgb(255, 255, 255)")
    assert browser.run(CONTRAST) == []


def test_every_control_has_a_name(browser: Browser, page: str) -> None:
    browser.open(page)
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = ("link", "checkbox", "searchbox", "DisclosureTriangle", "button")
    controls = [n for n in tree if not n["ignored"] and n["role"]["value"] in roles]
    assert len(controls) > 20
    assert [n["role"]["value"] for n in controls if not n.get("name", {}).get("value")] == []
