"""Cases about values inside paths, selectors, patterns and boundaries: each finds the row of its value, whatever the value is."""

from __future__ import annotations

import html as escapes
import json as python_json

from conformance.case import (
    Case,
    Failed,
    Value,
    Wire,
    between,
    css,
    form,
    form_wire,
    header_of,
    json_at,
    let,
    marks,
    ref,
    regex,
    request,
    t,
)
from conformance.server import Reply, html, json

from loadwright.compiler.plan.model import (
    Capture,
    CaptureSource,
    Expectation,
    ForEach,
    JsonExpectation,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.template import Template

_HOSTILE = (
    *("plain", "it's", 'say "w"', "'\"both\"'", "back\\slash", "end\\", "\\", "\\n", "line\nfeed", "tab\tstop", "é 漢 \U0001f600"),
    *(
        "a.c",
        "a|b",
        ".*",
        "(x",
        "[x]",
        "{2}",
        "^a$",
        "?",
        "+",
        "/",
        "\\Q.\\E",
        "\\1",
        "\\d",
        "a-b",
        "#",
        "&amp;",
        "<b>",
        "%41",
        "$&",
    ),
    *(
        "$.x",
        "${x}",
        "$1",
        "`",
        "']",
        "' || 'x' == 'x",
        '"] , [x="',
        "'] | //row | x['",
        "*/",
        "true",
        "null",
        "1.50",
        "007",
        " a ",
    ),
)
"""Values with what means something in a JSONPath, a selector, an XPath, a pattern or a script."""
_ROWS = [(value, f"id{number}") for number, value in enumerate(_HOSTILE)]

_JSON = json(
    python_json.dumps(
        {"rows": [{"key": v, "id": i} for v, i in _ROWS], "by": {v: {"id": i} for v, i in _ROWS}, "lines": ["x"]},
        ensure_ascii=False,
    )
)
_HTML = html(
    "<table>"
    + "".join(f'<tr data-key="{escapes.escape(v)}" title="k {escapes.escape(v)}"><td>{i}</td></tr>' for v, i in _ROWS)
    + "</table>"
)
_TEXT = Reply(200, (("Content-Type", "text/plain; charset=utf-8"),), "".join(f"<<{v}>>={i};" for v, i in _ROWS).encode())
_XML = "<rows>" + "".join(f"<row><key>{escapes.escape(v)}</key><id>{i}</id></row>" for v, i in _ROWS) + "</rows>"


def _count(name: str, source: CaptureSource) -> Capture:
    return Capture(name=name, source=source, select="count")


def _each(
    name: str,
    reply: Reply,
    sources: dict[str, CaptureSource],
    *expect: Expectation,
    rows: list[tuple[str, str]] = _ROWS,
) -> Case:
    """A loop over the values that sends back what each source finds for each of them, and how often."""
    value = f"{name}_value"
    captures: dict[str, CaptureSource | Capture] = dict(sources)
    captures |= {f"{key}_n": _count(f"{key}_n", source) for key, source in sources.items()}
    fields = [(key, ref(key)) for key in captures]
    wanted = [("1" if key.endswith("_n") else None, key) for key in captures]
    wires: list[Wire] = []
    for _, found in rows:
        wires.append(Wire("GET", "/source"))
        wires.append(form_wire("/sink", *((key, fixed or found) for fixed, key in wanted)))
    loop = ForEach(
        name=value,
        values=t(python_json.dumps([v for v, _ in rows], ensure_ascii=False, separators=(",", ":"))),
        at_most=None,
        nodes=(request("GET /source", expect=expect, capture=captures), request("POST /sink", body=form(*fields))),
    )
    return Case(name, [loop], wires, {"GET /source": [reply]})


def _held(name: str, *parts: str) -> Template:
    """A text with the loop's value between its parts."""
    values: list[Value] = []
    for part in parts:
        values += [part, ref(f"{name}_value")]
    return t(*values[:-1])


CASES = [
    _each(
        "inserted_json",
        _JSON,
        {
            "ij_single": json_at(_held("inserted_json", "$.rows[?@.key=='", "'].id")),
            "ij_double": json_at(_held("inserted_json", '$.rows[?(@.key == "', '" && @.id)].id')),
            "ij_member": json_at(_held("inserted_json", "$.by['", "']['id']")),
            "ij_part": json_at(_held("inserted_json", "$..[?@.key >= '", "' && @.key <= '", "'].id")),
        },
        JsonExpectation(path=_held("inserted_json", "$.rows[?@.key=='", "'].id")),
        ValueExpectation(source=json_at(_held("inserted_json", "$.rows[?@.key=='", "']")), relation="is", values=(t("object"),)),
        JsonExpectation(path=_held("inserted_json", "$.rows[?@.key=='", " no'].id"), negated=True),
    ),
    _each(
        "inserted_json_bare",
        json(
            '{"rows": [{"n": 5, "id": "a"}, {"n": "5", "id": "no"}, {"n": "x", "id": "b"}, {"n": 1.50, "id": "c"},'
            ' {"n": "05", "id": "d"}, {"id": "none"}]}'
        ),
        {"ib_id": json_at(_held("inserted_json_bare", "$.rows[?@.n==", "].id"))},
        rows=[("5", "a"), ("x", "b"), ("1.5", "c"), ("05", "d"), ("50e-1", "a")],
    ),
    _each(
        "inserted_css",
        _HTML,
        {
            "ic_double": css(_held("inserted_css", 'tr[data-key="', '"] td')),
            "ic_single": css(_held("inserted_css", "table tr[data-key='", "'] > td")),
            "ic_ends": css(_held("inserted_css", "tr[title='k ", "'] td")),
        },
        ValueExpectation(source=css(_held("inserted_css", "tr[data-key='", "']")), count=True, relation="=", values=(t("1"),)),
    ),
    _each(
        "inserted_regex",
        _TEXT,
        {
            "ir_around": regex(_held("inserted_regex", "<<", r">>=(\w+);")),
            "ir_twice": regex(_held("inserted_regex", "<(?:<", ">)>=([^;]{3,})(?=;<<|;$)|<<", r"?>>=(id\d)(?=;)")),
            "ir_between": between(_held("inserted_regex", "<<", ">>="), ";"),
        },
    ),
    _each(
        "inserted_xpath",
        Reply(200, (("Content-Type", "application/xml; charset=utf-8"),), _XML.encode()),
        {
            "ix_single": XPathSource(path=_held("inserted_xpath", "//row[key='", "']/id")),
            "ix_part": XPathSource(path=_held("inserted_xpath", '/rows/row[concat("k", key)="k', '"]/id')),
        },
    ),
    Case(
        "inserted_css_relations",
        [
            let("icr", "b-c"),
            request(
                "GET /page",
                capture={
                    "icr_starts": css(t("p[class^='", ref("icr"), "']")),
                    "icr_ends": css(t("p[class$='", ref("icr"), "']"), "id"),
                    "icr_holds": Capture(name="icr_holds", source=css(t("p[class*='", ref("icr"), "']"), "id"), select="all"),
                    "icr_word": Capture(name="icr_word", source=css(t('[class~="', ref("icr"), '"]'), "id"), select="all"),
                    "icr_dash": Capture(name="icr_dash", source=css(t('[class|="', ref("icr"), '"]'), "id"), select="all"),
                    "icr_not": Capture(name="icr_not", source=css(t("p:not([class='", ref("icr"), "'])"), "id"), select="count"),
                },
            ),
            request(
                "POST /sink",
                body=form(*((f"icr_{k}", ref(f"icr_{k}")) for k in ("starts", "ends", "holds", "word", "dash", "not"))),
            ),
        ],
        [
            Wire("GET", "/page"),
            form_wire(
                "/sink",
                ("icr_starts", "one"),
                ("icr_ends", "p1"),
                ("icr_holds", '["p1","p2","p3","p4"]'),
                ("icr_word", '["p1","p3"]'),
                ("icr_dash", '["p1","p2"]'),
                ("icr_not", "4"),
            ),
        ],
        {
            "GET /page": [
                html(
                    "<p id=p1 class='b-c'>one<p id=p2 class='b-c-d'>two<p id=p3 class='a b-c e'>three"
                    "<p id=p4 class='xb-cx'>four<p id=p5>five"
                )
            ]
        },
    ),
    Case(
        "inserted_header",
        [
            let("ih", "a+b?(c)"),
            request("GET /go", capture={"ih_code": header_of("X-Where", t("u=", ref("ih"), r"&n=(\d+)"))}),
            request("POST /sink", body=form(("code", ref("ih_code")))),
        ],
        [Wire("GET", "/go"), form_wire("/sink", ("code", "42"))],
        {"GET /go": [Reply(headers=(("X-Where", "/u=aab&n=1;u=a+b?(c)&n=42"),))]},
    ),
    *(
        Case(
            f"inserted_{name}",
            [
                let(f"i_{name}", "it's"),
                request("GET /bad", name="bad", expect=expect, capture={f"ic_{name}": source} if source else {}),
                request("GET /never"),
            ],
            marks("/bad"),
            {"GET /bad": [json('{"rows": [{"key": "its", "id": "1"}]}')]},
            failures=[Failed("bad", message)],
        )
        for name, source, expect, message in (
            (
                "missed",
                json_at(t("$.rows[?@.key=='", ref("i_missed"), "'].id")),
                [],
                "extraction: ic_missed not found (json $.rows[?@.key=='${i_missed}'].id)",
            ),
            (
                "missed_css",
                css(t("p[title='", ref("i_missed_css"), "']"), "id"),
                [],
                "extraction: ic_missed_css not found (css p[title='${i_missed_css}'] @id)",
            ),
            (
                "unlike",
                None,
                [JsonExpectation(path=t("$.rows[?@.key=='", ref("i_unlike"), "'].id"))],
                "json: $.rows[?@.key=='${i_unlike}'].id not found",
            ),
            (
                "unlike_value",
                None,
                [ValueExpectation(source=regex(t("key: ", ref("i_unlike_value"))), relation="exists")],
                "value: regex /key: ${i_unlike_value}/ not found",
            ),
        )
    ),
]
