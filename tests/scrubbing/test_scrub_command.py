"""`loadwright scrub`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadwright.compiler.cli.scrub import scrub
from loadwright.compiler.diagnostics import LoadwrightError

NAMES = st.sampled_from(
    [
        "method",
        "url",
        "headers",
        "name",
        "value",
        "cookies",
        "postData",
        "text",
        "params",
        "mimeType",
        "content",
        "encoding",
        "status",
        "queryString",
        "redirectURL",
    ]
)
SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"


def test_it_writes_a_recording_and_says_what_was_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "clean.har"
    assert scrub(SHOP / "checkout-1.har", output, "seed") == 0
    said = capsys.readouterr().out
    assert "password" in said
    assert "3 cookies" in said
    assert "wonderland-7" not in said + output.read_text()
    before, after = (json.loads(p.read_bytes())["log"]["entries"] for p in (SHOP / "checkout-1.har", output))
    assert [e["startedDateTime"] for e in before] == [e["startedDateTime"] for e in after]


def test_without_a_seed_no_two_runs_are_alike(tmp_path: Path) -> None:
    for name in ("a.har", "b.har"):
        scrub(SHOP / "pkce-1.har", tmp_path / name)
    assert (tmp_path / "a.har").read_bytes() != (tmp_path / "b.har").read_bytes()


def test_it_never_overwrites_the_original(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes((SHOP / "pkce-1.har").read_bytes())
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, path, "seed")
    assert raised.value.diagnostics[0].code == "bad-output"


@pytest.mark.parametrize("text", ["10:8:modified;x}", "curl http://shop.test/\n"])
def test_what_is_no_har_is_told_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.flow"
    path.write_text(text)
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, tmp_path / "b.har", "seed")
    assert raised.value.diagnostics[0].code == "scrub-no-har"


def test_json_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text('{"log": {"entries": [], "x": ' + "[" * 900 + "]" * 900 + "}}")
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, tmp_path / "b.har", "seed")
    assert raised.value.diagnostics[0].code == "har-too-deep"


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.just("tok_9fK2mQ7xW4zB1nV8"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(st.fixed_dictionaries({"request": ODD, "response": ODD}) | ODD, max_size=3))
def test_entries_of_any_shape_are_survived(entries: list[object], tmp_path: Path) -> None:
    path, output = tmp_path / "a.har", tmp_path / "b.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    assert scrub(path, output, "seed") == 0
    after = json.loads(output.read_bytes())["log"]["entries"]
    assert len(after) == len(entries)
    for one, before in zip(after, entries, strict=True):
        assert one == {"comment": "not readable, left out"} or _shape(one) == _shape(before)


def test_what_cannot_be_read_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, output = tmp_path / "a.har", tmp_path / "b.har"
    fine = {"request": {"method": "GET", "url": "http://a.test/"}}
    bad = {
        "request": {"method": "G T", "url": "http://a.test/", "headers": [{"name": "Authorization", "value": "Bearer u9Xk2LmQ77"}]}
    }
    path.write_text(json.dumps({"log": {"entries": [bad, fine]}}), encoding="utf-8")
    assert scrub(path, output, "seed") == 0
    assert json.loads(output.read_bytes())["log"]["entries"] == [{"comment": "not readable, left out"}, fine]
    assert "left out 1 of its entries" in capsys.readouterr().out


def test_what_no_import_reads_is_scrubbed_too(tmp_path: Path) -> None:
    path, output = tmp_path / "a.har", tmp_path / "b.har"
    secrets = ["u9Xk2LmQ77aB", "Zk81mQpL0xWv", "hT5wq92LmZoX", "Yq7LmB33xKpo", "Mx0Lq88vTzRe"]
    request = {
        "method": "POST",
        "url": f"http://a.test/done#access_token={secrets[0]}",
        "headers": [{"name": "Cookie", "value": "a=1"}],
        "cookies": [{"name": "sid", "value": secrets[1]}],
        "postData": {
            "mimeType": "text/xml",
            "text": f"<password>{secrets[2]}</password>",
            "params": [{"name": "pin", "value": secrets[3]}],
        },
    }
    messages = [{"type": "send", "data": json.dumps({"auth": {"token": secrets[4]}})}]
    path.write_text(json.dumps({"log": {"entries": [{"request": request, "_webSocketMessages": messages}]}}), encoding="utf-8")
    assert scrub(path, output, "seed") == 0
    assert not [secret for secret in secrets if secret in output.read_text(encoding="utf-8")]


def test_a_code_of_digits_is_scrubbed_where_json_has_it_as_a_number(tmp_path: Path) -> None:
    path, output = tmp_path / "a.har", tmp_path / "b.har"
    post = {"mimeType": "application/json", "text": '{"card": "c1", "pin": 48213, "size": 48213}'}
    request = {"method": "POST", "url": "http://a.test/atm", "headers": [], "postData": post}
    path.write_text(json.dumps({"log": {"entries": [{"request": request}]}}), encoding="utf-8")
    assert scrub(path, output, "seed") == 0
    written = json.loads(json.loads(output.read_bytes())["log"]["entries"][0]["request"]["postData"]["text"])
    assert written["pin"] != 48213
    assert written["size"] == 48213


def test_bytes_that_nobody_reads_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.har"
    post = {"mimeType": "application/grpc-web+proto", "text": "\0\0\0\0\x05\n\x03ann"}
    request = {"method": "POST", "url": "http://a.test/Auth/Login", "headers": [], "postData": post}
    path.write_text(json.dumps({"log": {"entries": [{"request": request}]}}), encoding="utf-8")
    assert scrub(path, tmp_path / "b.har", "seed") == 0
    assert "1 of its requests send bytes that nobody reads" in capsys.readouterr().out


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return type(value)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text("[]")
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, tmp_path / "b.har")
    assert raised.value.diagnostics[0].code == "har-no-har"
    assert not (tmp_path / "b.har").exists()
