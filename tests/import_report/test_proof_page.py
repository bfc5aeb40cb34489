"""`loadwright prove --report`: the page of an import, on an intent, with the levels that were reached. Runs k6."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chat import Chat, chat, recorded

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.prove import ProveOptions, prove


@pytest.fixture(scope="module")
def application() -> Iterator[Chat]:
    with chat() as running:
        yield running


@pytest.fixture(scope="module")
def har(application: Chat, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("har") / "chat.har"
    path.write_text(json.dumps(recorded(application)))
    return path


@pytest.fixture
def intent(har: Path, tmp_path: Path) -> Path:
    """The imported intent with a capture that nothing uses, a variable and a secret."""
    path = tmp_path / "chat.intent"
    assert import_([har], path) == 0
    text = path.read_text()
    text = text.replace("      capture csrf =", '      capture spare = css "meta[name=csrf]" @content\n      capture csrf =')
    text = text.replace("defaults {", 'secret key from env "CHAT_KEY"\nlet room = "lobby"\n\ndefaults {')
    text = text.replace('\\"room\\":\\"lobby\\"', '\\"room\\":\\"${room}\\"')
    path.write_text(text)
    return path


def proved(intent: Path, har: Path, application: Chat, options: ProveOptions) -> tuple[int, str]:
    """The command's exit code and the page, without its tags."""
    page = intent.with_name("page.html")
    code = prove(intent, [har], replace(options, report=page))
    text = page.read_text(encoding="utf-8")
    values = application.given | set(application.said)
    assert [value for value in values if value in text] == [], "a recorded value stands in the page"
    plain = html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL))
    return code, re.sub(r"\s+", " ", plain)


def test_it_shows_each_level_and_whether_each_capture_is_needed(
    intent: Path, har: Path, application: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_KEY", "a key")
    live = ProveOptions("P5", targets=(f"app=http://127.0.0.1:{application.port}",))
    code, page = proved(intent, har, application, live)
    assert code == 0
    for level in ("P0", "P1", "P2", "P4", "P4 negative", "P5"):
        assert f" {level} held " in page
    assert "P3 not tried needs a second recording" in page
    assert page.count("proved P5 needed Value") == 5
    assert "superfluous spare entry 0 GET /" in page
    assert re.search(
        r"member_id entry 2 message 6 RECEIVE: json \$\.member\.id .*? Used in entry 2 message 7 SEND: json member", page
    )
    assert "parameterise room" in page
    assert "read from the environment variable CHAT_KEY" in page
    assert "line 19 of the intent" in page


def test_a_level_that_does_not_hold_is_shown_with_its_reason(intent: Path, har: Path, application: Chat) -> None:
    intent.write_text(intent.read_text().replace("${member_id | jsonescape}", "me"))
    code, page = proved(intent, har, application, ProveOptions("P4"))
    assert code == 1
    assert " P1 failed " in page
    assert "What did not hold: " in page
    assert "WEBSOCKET /live: send" in page
    assert "P4" not in page.partition("Search")[0], "nothing above is tried"


def test_the_page_is_written_where_programs_read_the_outcome_too(
    intent: Path, har: Path, application: Chat, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    code, page = proved(intent, har, application, ProveOptions("P2", json=True))
    assert code == 0
    assert json.loads(capsys.readouterr().out)["held"] is True
    assert "proved P2" in page
