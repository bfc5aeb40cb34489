"""The endpoint: one well-formed answer in time, or a reason; the key nowhere but in its header."""

from __future__ import annotations

import json
import socket
import time

import pytest
from advice.stand_in import Answering, Reply, completion, stand_in

from loadwright.compiler.advice.endpoint import MOST_BYTES, Endpoint, url_fault
from loadwright.compiler.advice.model import AdviceError, Question

KEY = "sk-Zq81LmX7aaPk"


def fails(answer: Answering, timeout: float = 10.0) -> str:
    with stand_in(answer) as server, pytest.raises(AdviceError) as raised:
        Endpoint(server.url, "m", KEY, timeout).advise(Question())
    assert KEY not in str(raised.value)
    return str(raised.value)


def always(reply: Reply) -> Answering:
    return lambda _: reply


def test_an_answer_is_read_and_the_key_is_sent_in_its_header_alone() -> None:
    with stand_in(always(completion('{"steps": [{"id": "s1", "name": "Open"}]}'))) as server:
        endpoint = Endpoint(server.url, "some-model", KEY)
        answer = endpoint.advise(Question())
    assert [(s.id, s.name) for s in answer.steps] == [("s1", "Open")]
    (sent,) = server.received
    assert sent.count(KEY.encode()) == 1
    assert f"authorization: bearer {KEY}".lower().encode() in sent.lower()
    assert server.bodies()[0]["model"] == "some-model"
    assert KEY not in repr(endpoint)


def test_nothing_is_sent_as_a_key_where_none_is_given() -> None:
    with stand_in(always(completion("{}"))) as server:
        Endpoint(server.url, "m").advise(Question())
    assert b"authorization" not in server.received[0].lower()


def test_what_is_for_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with stand_in(always(completion("{}"))) as server:
        Endpoint(server.url, "m", KEY).advise(Question())
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b"<html><h1>Welcome</h1></html>", headers={"Content-Type": "text/html"}), "no chat completion"),
        (Reply(b"\xff\xfe\x00garbage"), "no chat completion"),
        (Reply(b""), "no chat completion"),
        (Reply(b"[" * 200_000), "no chat completion"),
        (Reply(b"x" * (MOST_BYTES + 1)), "longer than"),
        (Reply(b'{"choices": []}'), "no chat completion"),
        (Reply(b'{"choices": [{"message": {"content": null}}]}'), "no chat completion"),
        (Reply(b"{}", 500), "status 500"),
        (Reply(b"{}", 401), "status 401"),
        (Reply(b"", 302, {"Location": "/v1/elsewhere"}), "a redirect, which is not followed (status 302)"),
        (Reply(b"", 307, {"Location": "http://127.0.0.1:1/"}), "a redirect, which is not followed (status 307)"),
        (completion("Sure! Here are better names: Log in"), "not the JSON"),
        (completion("```json\n{}\n```"), "not the JSON"),
        (completion("[" * 100_000), "not the JSON"),
        (completion('{"steps": "all"}'), "not the JSON"),
        (completion('{"steps": [{"id": "s1"}]}'), "not the JSON"),
        (completion('{"steps": [{"id": 1, "name": "x"}]}'), "not the JSON"),
        (completion('{"steps": [], "run": "rm -rf /"}'), "not the JSON"),
        (completion(json.dumps({"steps": [{"id": "s1", "name": "x" * 401}]})), "not the JSON"),
        (completion(json.dumps({"steps": [{"id": f"s{n}", "name": "x"} for n in range(501)]})), "not the JSON"),
        (completion('{"steps": [{"id": "s1", "name": "\\ud800"}]}'), "not the JSON"),
    ],
)
def test_anything_else_is_no_advice(reply: Reply, reason: str) -> None:
    assert reason in fails(always(reply))


def test_a_redirect_is_not_followed() -> None:
    with stand_in(always(Reply(b"", 302, {"Location": "/v1/chat/completions"}))) as server, pytest.raises(AdviceError):
        Endpoint(server.url, "m", KEY).advise(Question())
    assert len(server.received) == 1


@pytest.mark.timed
def test_a_server_that_sends_byte_by_byte_is_given_up_in_time() -> None:
    began = time.monotonic()
    assert "within 0.5 s" in fails(always(Reply(completion("{}").body, pause=0.1)), timeout=0.5)
    assert time.monotonic() - began < 8


def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(AdviceError):
        Endpoint(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", "m", timeout=0.3).advise(Question())


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(AdviceError, match="cannot be reached"):
        Endpoint(f"http://127.0.0.1:{port}/v1", "m").advise(Question())


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    import ssl
    import threading

    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            try:
                context.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(AdviceError, match="its certificate is not valid"):
            Endpoint(f"https://127.0.0.1:{server.getsockname()[1]}/v1", "m", KEY, 10).advise(Question())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a/v1",
        "a/v1",
        "http://",
        "http://u:p@a/v1",
        "http://a/v1?x=1",
        "http://a/v1#x",
        "http://[",
        "http://a b/",
    ],
)
def test_a_url_that_cannot_be_is_told(url: str) -> None:
    assert url_fault(url, None)


def test_a_key_leaves_this_machine_over_tls_alone() -> None:
    assert "https" in url_fault("http://models.example.com/v1", KEY)
    assert not url_fault("https://models.example.com/v1", KEY)
    assert not url_fault("http://127.0.0.1:8000/v1", KEY)
    assert not url_fault("http://models.example.com/v1", None)
