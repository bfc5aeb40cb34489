"""What cannot be imported is refused with its code, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.drafts.detect import Kind, detect

POSTMAN = '{"info": {"name": "Shop"}, "item": %s}'
OPENAPI = '{"openapi": "3.1.0", "info": {"title": "Shop"}, "paths": %s}'


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        ("the minutes of a meeting", None, "unknown-source"),
        ("caf\xe9 curl http://shop.test", "curl", "source-unreadable"),
        ("wget http://shop.test/", "curl", "curl-no-command"),
        ("curl 'http://shop.test/", None, "curl-open-quote"),
        ("curl -X POST", None, "curl-no-command"),
        ("{", "postman", "postman-no-json"),
        ("[1, 2]", "postman", "postman-no-collection"),
        ('{"id": "1", "name": "old", "requests": []}', "postman", "postman-no-collection"),
        ('{"name": "staging", "values": []}', "postman", "postman-no-collection"),
        (POSTMAN % "[]", None, "postman-no-requests"),
        ("just: [open", "openapi", "openapi-no-document"),
        ("- 1", "openapi", "openapi-no-document"),
        ('{"id": "1", "name": "old", "order": [], "requests": []}', None, "postman-no-collection"),
        ('{"swagger": "2.0"}', None, "openapi-version"),
        ("openapi: 4.0.0", None, "openapi-version"),
        (OPENAPI % "{}", None, "openapi-no-operations"),
        ("&a [*a, *a]", "openapi", "openapi-no-document"),
        ("{" * 5000, "openapi", "openapi-no-document"),
        (
            POSTMAN % ('[{"name": "x", "request": "http://shop.test", "response": ' + "[" * 1000 + "]" * 1000 + "}]"),
            None,
            "source-unreadable",
        ),
    ],
)
def test_a_source_that_is_none_is_refused_and_nothing_is_written(
    tmp_path: Path, content: str, kind: Kind | None, code: str
) -> None:
    path = tmp_path / "source.txt"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(LoadwrightError) as caught:
        import_([path], tmp_path / "made.intent", kind=kind)
    assert caught.value.diagnostics[-1].code == code
    assert caught.value.diagnostics[-1].hint
    assert [p.name for p in tmp_path.iterdir()] == ["source.txt"]


def test_sources_of_several_kinds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(POSTMAN % '[{"name": "x", "request": "http://shop.test"}]', "utf-8")
    (tmp_path / "b.txt").write_text("curl http://shop.test", "utf-8")
    with pytest.raises(LoadwrightError) as caught:
        import_([tmp_path / "a.json", tmp_path / "b.txt"], tmp_path / "made.intent")
    assert caught.value.diagnostics[0].code == "mixed-sources"


def test_a_report_of_what_holds_no_answers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(POSTMAN % '[{"name": "x", "request": "http://shop.test"}]', "utf-8")
    with pytest.raises(LoadwrightError) as caught:
        import_([tmp_path / "a.json"], tmp_path / "made.intent", report=tmp_path / "r.html")
    assert "--report" in caught.value.diagnostics[0].message


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b'{"log": {"entries": []}}', "x.json", "har"),
        (b'\xef\xbb\xbf{"log": {}}', "x.json", "har"),
        (b"", "x.json", "har"),
        (b"<html>", "x.har", "har"),
        (b'{"created": 1, "log": {"entries": []}}', "x", "har"),
        (b'{"x": 1}', "x", "har"),
        (b"2130:9:websocket;0:~8:response;", "x", "mitmproxy"),
        (b"#!/bin/sh\nset -e\n/usr/bin/curl -s http://shop.test\n", "x.sh", "curl"),
        (b'curl.exe "http://shop.test"', "x.cmd", "curl"),
        (b"# the API\nopenapi: 3.0.3\n", "x.yml", "openapi"),
        (b'"swagger": "2.0"\n', "x.yaml", "openapi"),
        (b'{"paths": {}, "openapi": "3.1.0"}', "x.json", "openapi"),
        (b'{"collection": {"info": {}, "item": []}}', "x.json", "postman"),
        (b'{"id": "1", "name": "e", "values": [], "_postman_variable_scope": "environment"}', "x.json", "postman"),
    ],
)
def test_the_kind_is_told_by_what_a_file_holds(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert detect(tmp_path / name) == kind


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("curl http://shop.test/\n", "curl"),
        ('openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\npaths: {/: {get: {responses: {}}}}\n', "openapi"),
        (POSTMAN % '[{"name": "x", "request": "http://shop.test"}]', "postman"),
    ],
)
def test_a_byte_order_mark_hides_nothing(tmp_path: Path, content: str, kind: Kind, coding: str) -> None:
    path = tmp_path / "source.txt"
    path.write_bytes(content.replace("\n", "\r\n").encode(coding))
    assert detect(path) == kind
    import_([path], tmp_path / "x.intent")
    assert (tmp_path / "x.intent").is_file()
