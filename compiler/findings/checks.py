"""What the checks find in flow, fragments, comparisons, loads and goals."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import Code, Explanation

_SHOP = 'intent "Shop"\ntarget shop = "https://shop.example.com"\n'


def _step(*lines: str, before: str = "") -> str:
    inside = "".join(f"    {line}\n" for line in lines)
    return f'{_SHOP}{before}journey buy {{\n  step "Open" {{\n{inside}  }}\n}}\n'


def _journey(*lines: str, before: str = "") -> str:
    inside = "".join(f"  {line}\n" for line in lines)
    return f"{_SHOP}{before}journey buy {{\n{inside}}}\n"


_ITEMS = 'GET "/items" { capture ids = json "$.ids[*]" all }'
_LOGIN = 'fragment login(user) { POST "/login" { form { user = user } } }\n'
_BUY = 'journey buy { step "Open" { GET "/" } }\n'

CHECKS: Mapping[Code, Explanation] = {
    Code.POSSIBLY_UNSET: Explanation(
        "a name may have no value there",
        "It gets its value only on some of the ways that lead there: in an `if`, or in a loop that may not run. Use it where it is "
        "sure to have one, or give it one before.",
        _step(
            'GET "/a" { capture kind = json "$.kind" }', 'if kind = "b" { GET "/b" { capture id = json "$.id" } }', 'GET "/c/${id}"'
        ),
        _step(
            'GET "/a" { capture kind = json "$.kind" }',
            'if kind = "b" {',
            '  GET "/b" { capture id = json "$.id" }',
            '  GET "/c/${id}"',
            "}",
        ),
    ),
    Code.SHADOWED: Explanation(
        "a name of a loop or fragment hides another one",
        "The value that the name had is lost, which is seldom meant. Choose another name.",
        _step(_ITEMS, "for each region in ids {", '  GET "/items/${region}"', "}", before='let region = "eu"\n'),
        _step(_ITEMS, "for each id in ids {", '  GET "/${region}/${id}"', "}", before='let region = "eu"\n'),
    ),
    Code.AMBIGUOUS: Explanation(
        "two different requests of a step have one name",
        'Reports and goals add them up, so neither can be told from the other. Name one of them with `as "…"`.',
        _step('GET "/a" as "Page"', 'GET "/b" as "Page"'),
        _step('GET "/a" as "Page A"', 'GET "/b" as "Page B"'),
    ),
    Code.UNREACHABLE: Explanation(
        "a statement is never reached",
        "What stands before it always ends the iteration or the user. Delete it, or put the end behind an `if`.",
        _journey('step "Open" { GET "/" }', "stop iteration", 'step "Pay" { GET "/pay" }'),
        _journey('step "Open" { GET "/" }', 'step "Pay" { GET "/pay" }', "stop iteration"),
    ),
    Code.CONSTANT: Explanation(
        "a comparison always has the same result",
        "Both sides are fixed or the same, or no answer can break it. A name stands without quotes; in quotes it is text.",
        _step('GET "/" { timeout 3s; expect time < 5s }'),
        _step('GET "/" { timeout 3s; expect time < 2s }'),
    ),
    Code.IDLE: Explanation(
        "something is given that never has an effect",
        "A `count` is never missing: no match is `0`. Delete the default.",
        _step('GET "/a" { capture n = css "li" count default "0" }', 'GET "/b/${n}"'),
        _step('GET "/a" { capture n = css "li" count }', 'GET "/b/${n}"'),
    ),
    Code.NESTED_STEP: Explanation(
        "a step stands inside a step",
        "A step is one transaction of the report; the inner one would count twice. End the outer step first.",
        _step('GET "/"', 'step "Pay" { GET "/pay" }'),
        _journey('step "Open" { GET "/" }', 'step "Pay" { GET "/pay" }'),
    ),
    Code.OUTSIDE_STEP: Explanation(
        "a request stands outside of a step",
        "Reports name every request with its step. Put it into one.",
        _journey('GET "/"'),
        _journey('step "Open" { GET "/" }'),
    ),
    Code.UNKNOWN_FRAGMENT: Explanation(
        "there is no such fragment",
        "`use` names a `fragment` of this text or of one that it imports.",
        _step('use lgoin("ann")', 'use login("bob")', before=_LOGIN),
        _step('use login("ann")', before=_LOGIN),
    ),
    Code.BAD_USE: Explanation(
        "a fragment is used with too few or too many values",
        "Each parameter takes one value, in their order.",
        _step("use login()", before=_LOGIN),
        _step('use login("ann")', before=_LOGIN),
    ),
    Code.RECURSION: Explanation(
        "a fragment uses itself",
        "It would never end. Repeat with `repeat`, `while` or `until`.",
        _step("use page()", before='fragment page() { GET "/page"; use page() }\n'),
        _step("repeat 3 { use page() }", before='fragment page() { GET "/page" }\n'),
    ),
    Code.BAD_EXPECTATION: Explanation(
        "an expectation cannot hold as it is written",
        "Sizes of numbers are compared with numbers, and only values of JSON have a type.",
        _step('GET "/" { expect json "$.n" < "many" }'),
        _step('GET "/" { expect json "$.n" < 10 }'),
    ),
    Code.BAD_XPATH: Explanation(
        "an XPath is invalid",
        "Paths are XPath 1.0: `//item[@id='7']/name`; a name with a prefix is `*[local-name()='name']`.",
        _step('GET "/a" { capture a = xpath "//item[" }', 'GET "/${a}"'),
        _step('GET "/a" { capture a = xpath "//item" }', 'GET "/${a}"'),
    ),
    Code.BAD_SCHEMA: Explanation(
        "a JSON Schema cannot be used",
        "The file is no JSON, or has a keyword that the runtimes do not have alike. docs/language.md lists those that they have.",
        _step('GET "/" { expect schema "broken.json" }'),
        _step('GET "/" { expect schema "order.json" }'),
        files={"broken.json": '{"type": \n', "order.json": '{"type": "object"}\n'},
    ),
    Code.BAD_GRAPHQL: Explanation(
        "a GraphQL query cannot be sent as it stands",
        "Its brackets do not match, or it lacks the operation that is named.",
        _step('POST "/graphql" { graphql "query Items { items { id }" }'),
        _step('POST "/graphql" { graphql "query Items { items { id } }" }'),
    ),
    Code.BAD_STREAM: Explanation(
        "a stream cannot do this",
        "Server-sent events only go from the server to the user, and a message has no status and no headers.",
        _step('GET "/"', 'events "/prices" { send "all"; receive }'),
        _step('GET "/"', 'events "/prices" { receive }'),
    ),
    Code.BAD_GOAL: Explanation(
        "a goal can never be met",
        "Shares go from nothing to 100 %, and the run would end at once or fail whatever happens.",
        f"{_SHOP}{_BUY}goals {{ failures < 0% }}\n",
        f"{_SHOP}{_BUY}goals {{ failures < 1% }}\n",
    ),
    Code.BAD_SHARES: Explanation(
        "shares add up to more than everything",
        "The options of `choose`, and the journeys of a `mix`, are 100 % together at most.",
        _step("choose {", '  70% { GET "/a" }', '  60% { GET "/b" }', "}"),
        _step("choose {", '  70% { GET "/a" }', '  30% { GET "/b" }', "}"),
    ),
    Code.SLOW_PATTERN: Explanation(
        "a regular expression may take for ever on a text that does not match",
        "One quantifier inside another tries every way to share the text between them, which grows without a bound. It would stop "
        "the load generator, not the server. Say the same with one quantifier.",
        _step('GET "/" { expect body matches /(a+)+b/ }'),
        _step('GET "/" { expect body matches /a+b/ }'),
    ),
    Code.UNUSED: Explanation(
        "something is declared and never used",
        "It may be misspelt where it should be used. Use it, or delete it.",
        f'{_SHOP}let region = "eu"\n{_BUY}',
        f"{_SHOP}{_BUY}",
    ),
}
"""The pages of the codes that the checks of flow and meaning give."""
