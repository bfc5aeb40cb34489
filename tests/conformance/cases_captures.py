"""Cases about captures: what each kind of source yields."""

from __future__ import annotations

import gzip

from conformance.case import (
    Case,
    Wire,
    between,
    cookie,
    css,
    form,
    form_wire,
    header_of,
    json_at,
    redirect,
    ref,
    regex,
    request,
    t,
)
from conformance.server import Reply, html, json

from loadwright.compiler.plan.model import Capture, CaptureSource, StatusExpectation

_JSON = """{
  "text": "a \\"b\\" \\u00e9 \\ud83d\\ude00", "big": 12345678901234567890, "money": 1.50, "exp": 1E3, "neg": -0.0, "yes": true,
  "none": null, "empty": "", "dotted.name": "dots", "0": "zero", "sp ace": "space",
  "items": [{"id": 1, "name": "one", "tags": ["a", "b"]}, {"id": 2, "name": "two;x", "tags": []}, {"id": 3, "name": "it's"}],
  "deep": {"a": {"b": [[10, 11], [12]]}}, "object": {"z": 1.0, "a": ["x", null, {"k": "v \\" w"}]}
}"""

_HTML = """<!doctype html><html><head><title>T</title><meta name="csrf-token" content="m&amp;1&#x27;"></head><body>
<form><input type=hidden name="csrf" value="c&lt;1&gt;"><input name='user' value=''><INPUT NAME="up" VALUE="UP"></form>
<ul><li class="item first" data-id="i1">  One
   <b>bold</b>  </li><li class="item" data-id="i2">Two</li><li class="item" data-id="i3">Thr&eacute;e</li></ul>
<a href="/next?a=1&amp;b=2">go</a><script>var token = "js-\\"tok"; window.x = {id: 42};</script>
<p id="u">\u6f22 \U0001f600</p></body></html>"""

_LINES = "key=first;\nkey=second;\nkey=third; price: 12.50 EUR\n[[a]] [[b\nc]] <<x>> tail\\end $1 end"


def _captured(
    name: str,
    reply: Reply,
    wanted: dict[str, tuple[CaptureSource | Capture, str]],
    headers: dict[str, str] | None = None,
    differs: dict[str, str] | None = None,
) -> Case:
    """A case that captures values and sends them all back as a form."""
    captures = {key: source for key, (source, _) in wanted.items()}
    status = StatusExpectation(statuses=(reply.status,))
    return Case(
        f"capture_{name}",
        [
            request("GET /source", headers=headers, capture=captures, expect=[status]),
            request("POST /sink", body=form(*((key, ref(key)) for key in wanted))),
        ],
        [Wire("GET", "/source", headers or {}), form_wire("/sink", *((key, value) for key, (_, value) in wanted.items()))],
        {"GET /source": [reply]},
        differs=differs or {},
    )


def nth(name: str, source: CaptureSource, occurrence: int) -> Capture:
    return Capture(name=name, source=source, occurrence=occurrence)


_MORE_JSON = """[
  {"id": "a\\u2028b", "flag": true, "n": 7, "owner": {"name": "eve"}, "path/with~odd": "odd", "dup": 1, "dup": 2},
  {"flag": false, "n": 7.0, "owner": {"name": "bob"}, "list": [[], [1, [2, 3]]]},
  {"id": "third", "flag": null, "owner": {"name": "eve"}, "big": 1e400,
   "tiny": -1.0E-7, "long": 0.1000000000000000055511151231257827}
]"""

_MORE_HTML = """<!DOCTYPE HTML><HTML><BODY CLASS=Main>
<table><tr><td class="a b">1<td>2<tr><td title='q"uote'>3</table>
<select name="size"><option value="s">S<option value="m" selected>M</select>
<p>un<b>closed <i>nest</p><p lang=en-GB data-json='{"k":"v &amp; w"}'>two<br>lines<!-- hidden --></p>
<textarea name=t>  kept
 text </textarea><a href="/x?y=1#z" rel="next nofollow">A</a><a HREF='/last' rel=last>B</a>
<input name="a[b]" value="brackets"><input name=empty value><input type=hidden name=dup value=1><input type=hidden name=dup value=2>
</BODY></HTML>"""

_MORE_TEXT = (
    "Total:  42,50 EUR\nid=7\nID=8\nname: Ünï_cödé 漢字;\naXbXc 2024-01-31T10:20:30Z\n<a href='/p?x=1&amp;y=2'>go</a>\ttab\n"
)

CASES = [
    _captured(
        "json_more",
        json(_MORE_JSON),
        {
            "m_top": (json_at("$[0].id"), "a\u2028b"),
            "m_true": (json_at("$[?(@.flag==true)].n"), "7"),
            "m_false": (json_at("$[?(@.flag==false)].owner.name"), "bob"),
            "m_digits": (json_at("$[1].n"), "7.0"),
            "m_nested": (nth("m_nested", json_at("$[?(@.owner.name=='eve')].owner.name"), 2), "eve"),
            "m_third": (nth("m_third", json_at("$[*].id"), 2), "third"),
            "m_quoted": (json_at("$[0]['path/with~odd']"), "odd"),
            "m_dup": (json_at("$[0].dup"), "2"),
            "m_deep": (json_at("$[1].list[1][1][0]"), "2"),
            "m_big": (json_at("$[-1].big"), "1e400"),
            "m_tiny": (json_at("$[2].tiny"), "-1.0E-7"),
            "m_long": (json_at("$[2].long"), "0.1000000000000000055511151231257827"),
            "m_members": (nth("m_members", json_at("$[0].*"), 2), "true"),
        },
    ),
    _captured("json_scalar", json('"just text"'), {"s_text": (json_at("$"), "just text")}),
    _captured(
        "css_more",
        html(_MORE_HTML),
        {
            "x_cell": (css("td.a.b"), "1"),
            "x_title": (css("td[title]", "title"), 'q"uote'),
            "x_row": (css("tr:nth-child(2) td"), "3"),
            "x_selected": (css("select[name=size] option[selected]", "value"), "m"),
            "x_starts": (css('a[href^="/l"]', "href"), "/last"),
            "x_ends": (css("a[href$='#z']", "href"), "/x?y=1#z"),
            "x_holds": (css("a[href*='?y=']"), "A"),
            "x_word": (css("a[rel~=nofollow]"), "A"),
            "x_data": (css("p[lang]", "data-json"), '{"k":"v & w"}'),
            "x_not": (css("a:not([rel=last])", "href"), "/x?y=1#z"),
            "x_sibling": (css("a + a"), "B"),
            "x_general": (css("textarea ~ a"), "A"),
            "x_last": (css("a:last-of-type"), "B"),
            "x_comma": (css("h1, option[selected]"), "M"),
            "x_brackets": (css('input[name="a[b]"]', "value"), "brackets"),
            "x_valueless": (css("input[name=empty]", "value"), ""),
            "x_second": (nth("x_second", css("input[name=dup]", "value"), 2), "2"),
            "x_class": (css("body.Main a[rel='next nofollow']"), "A"),
        },
    ),
    _captured("css_white_space", html(_MORE_HTML), {"p_area": (css("textarea"), "kept text")}),
    _captured("css_line_break", html(_MORE_HTML), {"l_break": (css("p[lang]"), "twolines")}),
    _captured("css_dash", html(_MORE_HTML), {"d_dash": (css("p[lang|=en]", "lang"), "en-GB")}),
    _captured(
        "regex_more",
        Reply(body=_MORE_TEXT.encode()),
        {
            "y_space": (regex(r"Total:\s+([\d,]+)"), "42,50"),
            "y_flag": (nth("y_flag", regex(r"(?i)id=(\d)"), 2), "8"),
            "y_unicode": (regex(r"name: ([^;]+);"), "Ünï_cödé 漢字"),
            "y_dot": (regex(r"EUR(.*)"), ""),
            "y_backref": (regex(r"a(X)b\1c"), "X"),
            "y_count": (regex(r"(\d{4}-\d{2}-\d{2})T"), "2024-01-31"),
            "y_either": (regex(r"(?:EUR|USD)\nid=(\d+)"), "7"),
            "y_quote": (regex(r"href=['\"]([^'\"]+)"), "/p?x=1&amp;y=2"),
            "y_word": (regex(r"\bgo\b"), "go"),
            "y_not_ahead": (regex(r"[A-Za-z]+=(?!7)(\d)"), "8"),
            "y_hex": (regex(r"\x49D=(\d)"), "8"),
            "y_tab": (regex(r"\t(\w+)\n"), "tab"),
        },
    ),
    _captured("regex_absent_group", Reply(body=_MORE_TEXT.encode()), {"a_optional": (regex(r"a(Y)?Xb"), "")}),
    _captured(
        "gzip",
        Reply(
            200,
            (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")),
            gzip.compress(_HTML.encode(), mtime=0),
        ),
        {"z_id": (css("#u"), "漢 😀"), "z_token": (regex("id: ([0-9]+)"), "42")},
        {"Accept-Encoding": "gzip"},
    ),
    _captured(
        "repeated_headers",
        Reply(200, (("X-Many", "one"), ("X-Many", "two; three"), ("Link", "</a>; rel=next, </b>; rel=last"))),
        {
            "w_first": (header_of("X-Many"), "one"),
            "w_second": (nth("w_second", header_of("X-Many"), 2), "two; three"),
            "w_pattern": (header_of("X-Many", "; (.*)"), "three"),
            "w_within": (nth("w_within", header_of("Link", "rel=([a-z]+)"), 2), "last"),
        },
        differs={"k6": "joins the values of a repeated header with a comma"},
    ),
    _captured("no_content", Reply(204, (("X-Id", "5"),), b""), {"n_id": (header_of("X-Id"), "5")}),
    _captured(
        "latin1",
        Reply(200, (("Content-Type", "text/html; charset=ISO-8859-1"),), "<p id=a>café</p>".encode("latin-1")),
        {"l_text": (css("#a"), "café")},
        differs={"k6": "reads every body as UTF-8"},
    ),
    _captured(
        "json",
        json(_JSON),
        {
            "j_text": (json_at("$.text"), 'a "b" é 😀'),
            "j_big": (json_at("$.big"), "12345678901234567890"),
            "j_money": (json_at("$.money"), "1.50"),
            "j_exp": (json_at("$.exp"), "1E3"),
            "j_neg": (json_at("$.neg"), "-0.0"),
            "j_yes": (json_at("$.yes"), "true"),
            "j_empty": (json_at("$.empty"), ""),
            "j_dots": (json_at("$['dotted.name']"), "dots"),
            "j_zero": (json_at("$['0']"), "zero"),
            "j_space": (json_at("$['sp ace']"), "space"),
            "j_index": (json_at("$.items[1].name"), "two;x"),
            "j_last": (json_at("$.items[-1].id"), "3"),
            "j_star": (nth("j_star", json_at("$.items[*].id"), 2), "2"),
            "j_filter": (json_at("$.items[?(@.name=='two;x')].id"), "2"),
            "j_quote": (json_at("$.items[?(@.name=='it\\'s')].id"), "3"),
            "j_number_filter": (json_at("$.items[?(@.id==2)].name"), "two;x"),
            "j_nested": (json_at("$.deep.a.b[0][1]"), "11"),
            "j_object": (json_at("$.object"), '{"z":1.0,"a":["x",null,{"k":"v \\" w"}]}'),
            "j_array": (json_at("$.items[0].tags"), '["a","b"]'),
        },
    ),
    _captured(
        "css",
        html(_HTML),
        {
            "c_meta": (css('meta[name="csrf-token"]', "content"), "m&1'"),
            "c_input": (css("input[name=csrf]", "value"), "c<1>"),
            "c_empty": (css("input[name=user]", "value"), ""),
            "c_upper": (css("input[name=up]", "value"), "UP"),
            "c_text": (css("li.item"), "One bold"),
            "c_second": (nth("c_second", css("li.item", "data-id"), 2), "i2"),
            "c_third": (nth("c_third", css("li.item"), 3), "Thrée"),
            "c_child": (css("ul > li:nth-child(2)"), "Two"),
            "c_link": (css("a", "href"), "/next?a=1&b=2"),
            "c_id": (css("#u"), "漢 😀"),
            "c_title": (css("title"), "T"),
        },
    ),
    _captured(
        "regex",
        Reply(body=_LINES.encode()),
        {
            "r_group": (regex("key=([a-z]+);"), "first"),
            "r_whole": (regex("price: [0-9.]+"), "price: 12.50"),
            "r_third": (nth("r_third", regex("key=([a-z]+)"), 3), "third"),
            "r_escape": (regex(r"tail\\(\w+) \$(\d)"), "end"),
            "r_lookahead": (regex("[0-9.]+(?= EUR)"), "12.50"),
            "r_lazy": (regex(r"\[\[(.*?)\]\]"), "a"),
            "r_class": (regex(r"\[\[([^\]]*)\]\] <<"), "b\nc"),
        },
    ),
    _captured(
        "regex_html",
        html(_HTML),
        {"rh_js": (regex(r"window\.x = \{id: (\d+)\}"), "42"), "rh_raw": (regex('name="csrf" value="([^"]*)"'), "c&lt;1&gt;")},
    ),
    _captured(
        "boundary",
        Reply(body=_LINES.encode()),
        {
            "b_first": (between("key=", ";"), "first"),
            "b_second": (nth("b_second", between("key=", ";"), 2), "second"),
            "b_special": (between("[[", "]]"), "a"),
            "b_lines": (nth("b_lines", between("[[", "]]"), 2), "b\nc"),
            "b_angle": (between("<<", ">>"), "x"),
            "b_backslash": (between("tail\\", " $1"), "end"),
        },
    ),
    _captured(
        "header",
        Reply(
            201, (("X-Token", 'tok-"1", x'), ("Location", "/made/77?next=a%20b&x=1"), ("x-lower", "low"), ("X-Space", "  padded  "))
        ),
        {
            "h_plain": (header_of("X-Token"), 'tok-"1", x'),
            "h_case": (header_of("x-toKEN"), 'tok-"1", x'),
            "h_group": (header_of("Location", r"/made/(\d+)"), "77"),
            "h_query": (header_of("Location", "next=([^&]+)"), "a%20b"),
            "h_whole": (header_of("Location", "x=[0-9]"), "x=1"),
            "h_lower": (header_of("X-Lower"), "low"),
        },
    ),
    _captured(
        "cookie_value",
        Reply(200, (("Set-Cookie", "first=1; Path=/other"), ("Set-Cookie", "sid=a=b%3D/+; Path=/other; HttpOnly"))),
        {"k_first": (cookie("first"), "1"), "k_sid": (cookie("sid"), "a=b%3D/+")},
    ),
    _captured(
        "redirect_url",
        Reply(302, (("Location", "../elsewhere/x?code=a%2Fb#frag"),)),
        {"d_url": (redirect(), "{self}/elsewhere/x?code=a%2Fb#frag")},
    ),
    _captured(
        "default",
        json('{"a": null}'),
        {
            "e_missing": (Capture(name="e_missing", source=json_at("$.b"), default=t("fall \\ ${back}")), "fall \\ ${back}"),
            "e_null": (Capture(name="e_null", source=json_at("$.a"), default=t("none")), "none"),
            "e_empty": (Capture(name="e_empty", source=regex("zzz"), default=t("")), ""),
        },
    ),
]
