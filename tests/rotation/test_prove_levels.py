"""`loadwright prove` up to P5 and `loadwright rotate`, on the real runtimes; needs `loadwright doctor --install all`."""

from __future__ import annotations

import http.client
import json
import lzma
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from recordings import Session, imported

from loadwright.compiler.cli import prove_levels
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.prove import ProveOptions, prove
from loadwright.compiler.cli.prove_levels import Case, Evidence, live, negative, rotating
from loadwright.compiler.cli.rotate import rotate, script_of
from loadwright.compiler.cli.runtime_names import runtime_names
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.needs import draws
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.select import select
from loadwright.compiler.results.summary import RuntimeUsed, Summary
from loadwright.compiler.rotation.player import REASON_HEADER

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "examples" / "shop" / "recordings"
INTENT = ROOT / "examples" / "imported" / "shop.intent"
CHECKOUT = [RECORDINGS / f"checkout-{n}.har" for n in (1, 2)]
PKCE = [RECORDINGS / f"pkce-{n}.har" for n in (1, 2)]
APPLICATIONS = ROOT / "tests" / "recordings"
"""Of real applications, scrubbed."""
CAPTURE = '      capture csrf_2 = css "form#address input[name=csrf]" @value\n'


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The shop's intent with texts replaced; with its files beside it."""
    text = INTENT.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    (folder / "shop.intent").write_text(text, "utf-8")
    shutil.copytree(INTENT.parent / "shop-files", folder / "shop-files")
    return folder / "shop.intent"


def of_checkout(plan: Plan) -> Case:
    """The first journey with its first recording."""
    recording, _ = read_har(CHECKOUT[0])
    return Case(plan.journeys[0], (Evidence("checkout-1.har", recording, select(recording).kept),))


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def levels(told: dict[str, object]) -> dict[tuple[str, str], tuple[bool | None, str]]:
    found = told["levels"]
    assert isinstance(found, list)
    return {(o["level"], o["subject"]): (o["held"], o["detail"]) for o in found}


def codes(told: dict[str, object]) -> list[str]:
    found = told["diagnostics"]
    assert isinstance(found, list)
    return [d["code"] for d in found]


def test_both_journeys_hold_up_to_p4_on_k6_and_locust_and_every_capture_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    options = ProveOptions("P4", ("k6", "locust"), json=True)
    assert prove(INTENT, [*CHECKOUT, *PKCE], options) == 0
    told = report(capsys)
    found = levels(told)
    assert told["held"] is True
    assert codes(told) == []
    for journey, requests, captures in (("checkout", 22, 9), ("pkce", 11, 5)):
        assert found["P3", journey][0] is True
        held, detail = found["P4", journey]
        assert held is True
        assert f"k6: {requests} of {requests} requests accepted" in detail
        assert f"locust: {requests} of {requests} requests accepted" in detail
        assert f"without each of {captures} of {captures} captures the run fails" in found["P4 negative", journey][1]


def test_one_recording_is_enough_for_p4_on_jmeter() -> None:
    plan = load_plan(INTENT)
    case = of_checkout(plan)
    outcome = rotating(plan, case, INTENT.parent, ["jmeter"])
    assert outcome.held is True, outcome.findings
    assert "jmeter: 22 of 22 requests accepted" in outcome.detail


def test_the_token_of_another_form_fails_p4_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second form's token is taken from the first form, which is fresh, but not the one that belongs there."""
    intent = changed(tmp_path, (CAPTURE, ""), ("csrf = csrf_2", "csrf = csrf"))
    assert prove(intent, CHECKOUT[:1], ProveOptions("P4", json=True)) == 1
    told = report(capsys)
    assert codes(told) == ["proof-p1"]  # seen already: the recorded request had another token
    plan = load_plan(intent)
    case = of_checkout(plan)
    outcome = rotating(plan, case, tmp_path, ["k6"])
    assert outcome.held is False
    (finding,) = outcome.findings
    assert finding.code == "proof-p4"
    assert "`POST /checkout` on k6: form `csrf` is another of this session's values" in finding.message
    assert finding.span is not None
    assert "POST" in intent.read_text("utf-8").splitlines()[finding.span.line - 1]


def test_a_capture_that_nothing_needs_is_told_as_superfluous(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = '      capture unneeded = header "Location" matching /[?&;]code=([^&#"\'<>]+)/\n'
    intent = changed(tmp_path, ("      capture location = redirect\n", f"      capture location = redirect\n{again}"))
    assert prove(intent, PKCE, ProveOptions("P4", json=True)) == 0
    told = report(capsys)
    assert codes(told) == ["proof-superfluous"]
    assert "5 of 6 captures" in levels(told)["P4 negative", "pkce"][1]


def test_an_extractor_that_fits_one_session_alone_fails_p3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    intent = changed(tmp_path, ("$.items[?(@.name=='Blue kettle')].id", "$.items[?(@.id=='itm_a86559f4c12e')].id"))
    assert prove(intent, CHECKOUT, ProveOptions("P3", json=True)) == 1
    assert codes(report(capsys))[:1] in (["proof-p2"], ["proof-p3"])


def test_p3_says_when_there_is_no_second_recording(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(INTENT, PKCE[:1], ProveOptions("P3", json=True)) == 0
    assert levels(report(capsys))["P3", "pkce"] == (None, "needs a second recording of this journey")


def test_p5_runs_against_the_live_shop_and_only_when_it_is_said_where(
    shop: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LoadwrightError) as refused:
        prove(INTENT, PKCE, ProveOptions("P5"))
    assert "--target" in refused.value.diagnostics[0].hint
    with pytest.raises(LoadwrightError):
        prove(INTENT, PKCE, ProveOptions("P4", targets=[f"app={shop}"]))
    plan = load_plan(INTENT)
    case = Case(plan.journeys[1], ())
    monkeypatch.setenv("LOADWRIGHT_SECRET_PASSWORD", "wonderland-7")
    assert live(plan, case, INTENT.parent, ["k6"], [f"app={shop}"]).held is True
    monkeypatch.setenv("LOADWRIGHT_SECRET_PASSWORD", "wrong")
    failed = live(plan, case, INTENT.parent, ["k6"], [f"app={shop}"])
    assert failed.held is False
    assert failed.findings[0].code == "proof-p5"
    assert failed.findings[0].span is not None


def test_a_recording_of_another_journey_and_a_name_that_is_no_runtime_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.har"
    url = "http://127.0.0.1:8765/nothing/of/this"
    request = {"method": "PUT", "url": url, "headers": []}
    entry = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request, "response": {"status": 204, "headers": []}}
    other.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), "utf-8")
    with pytest.raises(LoadwrightError) as refused:
        prove(INTENT, [other], ProveOptions("P3"))
    assert refused.value.diagnostics[0].code == "wrong-recording"
    with pytest.raises(LoadwrightError):
        runtime_names("k6,gatling")
    assert runtime_names("k6, locust") == ("k6", "locust")


def test_a_recording_of_another_journey_of_the_application_is_told_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert import_([CHECKOUT[0]], tmp_path / "checkout.intent") == 0
    capsys.readouterr()
    assert prove(tmp_path / "checkout.intent", [PKCE[0]], ProveOptions(json=True)) == 1
    told = report(capsys)
    assert codes(told) == ["wrong-recording"]
    assert levels(told)["P1", "pkce-1.har"][0] is False


def test_a_recording_without_answers_is_refused(tmp_path: Path) -> None:
    request = {"method": "GET", "url": "http://127.0.0.1:1/", "headers": []}
    har = {"log": {"version": "1.2", "entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request}]}}
    (tmp_path / "x.har").write_text(json.dumps(har), "utf-8")
    with pytest.raises(LoadwrightError) as refused:
        script_of(tmp_path / "x.har")
    assert refused.value.diagnostics[0].code == "nothing-to-serve"


def test_rotate_serves_a_recording_and_tells_of_each_request() -> None:
    command = [sys.executable, "-m", "loadwright.compiler.cli.main", "rotate", str(CHECKOUT[0]), "--second", str(CHECKOUT[1])]
    with subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            host, _, address = process.stdout.readline().strip().partition(" is http://")
            assert host == "127.0.0.1:8765"
            connection = http.client.HTTPConnection(address, timeout=10)
            connection.request("GET", "/login", headers={"Cookie": "sid=rhVbUBKtXiLmmoL9zxdRrn2mjK0f2eCo"})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["refused"]) == (403, "recorded")
            assert "recorded value" in (answer.getheader(REASON_HEADER) or "")
            connection.request("GET", "/")
            answer = connection.getresponse()
            assert b"Corner Shop" in answer.read()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            connection.request("GET", "/login", headers={"Cookie": cookie})
            assert connection.getresponse().read().count(b'name="csrf"') == 1
        finally:
            process.send_signal(signal.SIGINT)
        told = process.stdout.read()
    assert process.returncode == 0
    assert "403  session 1  GET /login  entry 7  REFUSED: cookie `sid` is the recorded value" in told
    assert told.strip().endswith("sessions: 2 accepted, 1 refused as recorded")
    assert "rhVbUBKtXiLmmoL9zxdRrn2mjK0f2eCo" not in told
    assert cookie.partition("=")[2] not in told


def test_an_openid_connect_login_over_two_hosts_holds_up_to_p4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recordings = []
    for number in (1, 2):
        recordings.append(tmp_path / f"oidc-web-{number}.har")
        recordings[-1].write_bytes(lzma.decompress((APPLICATIONS / f"oidc-web-{number}.har.xz").read_bytes()))
    assert import_(recordings, tmp_path / "login.intent") == 0
    capsys.readouterr()
    assert prove(tmp_path / "login.intent", recordings, ProveOptions("P4", json=True)) == 0
    told = report(capsys)
    assert codes(told) == []
    assert all(held for held, _ in levels(told).values())


@pytest.mark.parametrize("level", ["P0", "P1", "P2"])
def test_below_p3_each_journey_is_held_against_its_first_recording(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(INTENT, CHECKOUT, ProveOptions(level)) == 0
    said = capsys.readouterr().out
    assert f"{CHECKOUT[1].name}: another recording of the same journey" in said


@pytest.mark.parametrize(
    ("targets", "code"), [(["nowhere=http://127.0.0.1:1"], "unknown-target"), (["app=http://127.0.0.1:1"], "missing-secret")]
)
def test_what_p5_needs_is_asked_for_before_p4_runs(
    targets: list[str], code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for secret in load_plan(INTENT).secrets:
        monkeypatch.delenv(secret.env, raising=False)
    with pytest.raises(LoadwrightError) as raised:
        prove(INTENT, CHECKOUT[:1], ProveOptions("P5", targets=targets))
    assert raised.value.diagnostics[0].code == code
    assert capsys.readouterr().out == ""


def test_a_run_that_was_stopped_or_broke_down_proves_no_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, k6 = load_plan(INTENT), RuntimeUsed(name="k6", version="2.2.0")
    ended = Summary(intent="Shop", load="proof", runtime=k6, started=0, duration=0.0, verdict="interrupted")
    monkeypatch.setattr(prove_levels, "execute", lambda *_: ended)
    with pytest.raises(KeyboardInterrupt):
        negative(plan, of_checkout(plan), INTENT.parent, ["k6"])
    broken = ended.model_copy(update={"verdict": "invalid", "reasons": ("k6 ended at once",)})
    monkeypatch.setattr(prove_levels, "execute", lambda *_: broken)
    outcome = negative(plan, of_checkout(plan), INTENT.parent, ["k6"])
    assert outcome.held is False
    assert outcome.needed == []
    assert "k6 ended at once" in outcome.findings[0].message


def test_a_port_that_is_taken_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(LoadwrightError) as raised:
        rotate(CHECKOUT[0], [], taken.getsockname()[1], "1", [])
    (found,) = raised.value.diagnostics
    assert found.message.startswith("cannot listen on 127.0.0.1:")
    assert "--port 0" in found.hint


def test_a_word_that_the_test_makes_up_is_known_in_paths_though_it_looks_like_a_word(tmp_path: Path) -> None:
    session = Session()
    page = '<html><head><title>Repositories</title></head><body><a href="/ann/pump-ddcbdbb1">pump-ddcbdbb1</a></body></html>'
    session.add("GET", "/repo/create", html='<html><form method="post"><input name="repo_name"></form></html>')
    session.add("POST", "/repo/create", body="repo_name=pump-ddcbdbb1&text=Pump+leaks+ddcbdbb1", html=page)
    session.add("GET", "/ann/pump-ddcbdbb1", html="<html><h1>pump-ddcbdbb1</h1></html>")
    plan = imported(session).plan
    assert [v.name for v in plan.variables if draws(v.value)] == ["unique"]
    source = session.source()
    case = Case(plan.journeys[0], (Evidence("session.har", source.recording, source.selection.kept),))
    outcome = rotating(plan, case, tmp_path, ("k6",))
    assert (outcome.held, outcome.detail) == (True, "0 values made fresh; k6: 3 of 3 requests accepted")
