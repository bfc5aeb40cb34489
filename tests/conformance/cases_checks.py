"""Cases about expectations: statuses, types, sizes, soft rules."""

from __future__ import annotations

from conformance.case import (
    Case,
    marks,
    request,
    t,
)
from conformance.checks import Check, breaking, holding
from conformance.server import Reply, html, json

from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    SizeExpectation,
    StatusExpectation,
    StatusRange,
    TextExpectation,
    TypeExpectation,
)


def _sizes(size: int) -> tuple[list[Expectation], list[Check]]:
    """The relations at the boundary: one byte less, equal, one more."""
    right: list[Expectation] = []
    wrong: list[Check] = []
    for relation, verdicts in {"<": "nny", "<=": "nyy", "=": "nyn", ">=": "yyn", ">": "ynn"}.items():
        for limit, verdict in zip((size - 1, size, size + 1), verdicts, strict=True):
            expectation = SizeExpectation.model_validate({"relation": relation, "size": limit})
            if verdict == "y":
                right.append(expectation)
            else:
                wrong.append((expectation, f"size: expected {relation} {limit} bytes, got {size}"))
    return right, wrong


def _size_cases(name: str, reply: Reply, size: int) -> list[Case]:
    right, wrong = _sizes(size)
    return [holding(f"size_{name}_holds", reply, right), breaking(f"size_{name}_fails", [reply], wrong)]


_SIZES = [
    *_size_cases("text", Reply(body="\u00e9\u6f22\U0001f600x".encode()), 10),
    *_size_cases("bytes", Reply(200, (("Content-Type", "application/octet-stream"),), b"\xff\xfe\x00\x80ab"), 6),
    holding("size_empty", Reply(204), [SizeExpectation(relation="=", size=0), StatusExpectation(statuses=(204,))]),
]


def _statuses(*statuses: int | tuple[int, int], negated: bool = False) -> StatusExpectation:
    found = tuple(s if isinstance(s, int) else StatusRange(first=s[0], last=s[1]) for s in statuses)
    return StatusExpectation(statuses=found, negated=negated)


_STATUS_ROWS: tuple[tuple[StatusExpectation, int, str], ...] = (
    (_statuses((200, 299)), 300, "200 to 299"),
    (_statuses((200, 299)), 404, "200 to 299"),
    (_statuses((200, 299), 302), 301, "200 to 299 or 302"),
    (_statuses((200, 299), (400, 404)), 405, "200 to 299 or 400 to 404"),
    (_statuses(500, negated=True), 500, "not 500"),
    (_statuses((400, 599), negated=True), 599, "not 400 to 599"),
    (_statuses(204, (300, 308), negated=True), 304, "not 204 or 300 to 308"),
)
_STATUS = [
    breaking(
        "status_ranges_fail",
        [Reply(status, (("Location", "/x"),)) for _, status, _ in _STATUS_ROWS],
        [(expectation, f"status: expected {text}, got {status}") for expectation, status, text in _STATUS_ROWS],
    ),
    Case(
        "status_ranges_hold",
        [
            request(f"GET /{number}", expect=[expectation])
            for number, (expectation, _) in enumerate(
                (
                    (_statuses((200, 299)), 200),
                    (_statuses((200, 299)), 299),
                    (_statuses((200, 299), 503), 503),
                    (_statuses(500, negated=True), 404),
                    (_statuses((400, 599), negated=True), 200),
                    (_statuses((200, 399), negated=True), 500),
                )
            )
        ],
        marks(*(f"/{number}" for number in range(6))),
        {f"GET /{number}": [Reply(status)] for number, status in enumerate((200, 299, 503, 404, 200, 500))},
    ),
]


def _text(relation: str, value: str | None, negated: bool = False, header: str | None = None) -> TextExpectation:
    expected = None if value is None else t(value)
    return TextExpectation.model_validate(
        {"header": header, "relation": relation, "value": expected, "negated": negated, "soft": True}
    )


_SOFT_REPLY = json('{"state": "failed", "x": null, "y": [{"z": null}, {"z": 1}]}', ("X-Bad", "1"))
_SOFT = [
    breaking(
        "soft_rules_fail",
        [_SOFT_REPLY],
        [
            (_text("contains", "fine"), 'soft failure: body does not contain "fine"'),
            (_text("contains", "failed", True), 'soft failure: body contains "failed"'),
            (_text("matches", "^x"), 'soft failure: body does not match "^x"'),
            (_text("equals", "ok"), 'soft failure: body does not equal "ok"'),
            (_text("exists", None, True, "X-Bad"), "soft failure: header X-Bad is present"),
            (_text("contains", "2", header="X-Bad"), 'soft failure: header X-Bad does not contain "2"'),
            (_text("exists", None, header="X-None"), "soft failure: header X-None is missing"),
            (JsonExpectation(path="$.state", equals=t("paid"), soft=True), 'soft failure: $.state is not "paid"'),
            (
                JsonExpectation(path="$.state", equals=t("failed"), negated=True, soft=True),
                'soft failure: $.state is "failed"',
            ),
            (JsonExpectation(path="$.x", soft=True), "soft failure: $.x not found"),
            (JsonExpectation(path="$.state", negated=True, soft=True), "soft failure: $.state found"),
            (JsonExpectation(path="$.y[*].z", negated=True, soft=True), "soft failure: $.y[*].z found"),
        ],
    ),
    holding(
        "soft_rules_hold",
        _SOFT_REPLY,
        [
            _text("contains", "failed"),
            _text("matches", "^x", True),
            _text("exists", None, header="x-bad"),
            JsonExpectation(path="$.state", equals=t("failed"), soft=True),
            JsonExpectation(path="$.x", negated=True, soft=True),
            JsonExpectation(path="$.x", equals=t("null"), soft=True),
            JsonExpectation(path="$.y[*].z", soft=True),
        ],
    ),
]

_MEDIA = [
    breaking(
        "type_not",
        [html("<p>"), Reply(headers=(("Content-Type", "app/json; a=b"),))],
        [
            (TypeExpectation(media_type="text/html", negated=True), "type: expected not text/html, got text/html"),
            (
                TypeExpectation(media_type="App/Json", negated=True),
                "type: expected not App/Json, got app/json",
            ),
        ],
    ),
    holding(
        "type_not_holds",
        html("<p>"),
        [TypeExpectation(media_type="application/json", negated=True), TypeExpectation(media_type="TEXT/html")],
    ),
]

CASES = [*_SIZES, *_STATUS, *_SOFT, *_MEDIA]
