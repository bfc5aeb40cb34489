"""Values that an answer holds encoded, or among others, where no format tells how to take them."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from json import dumps

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.extract import Response, extract, extract_with
from loadwright.compiler.plan.render import evaluate, url_template

UUID, TOKEN = "b2d87a82-dd97-49eb-a6fa-133b8b240a6c", "Qm7xT2vK9pLw4RzN8sHd"
BASE64 = "BmwY0GyjPSc/MYlDMSe1d6RFnreaNYLdAMvGeebrHp23wLgr0uMK7tVcLuOKjoH3"
XML = '<?xml version="1.0"?>\n<r><status>OK</status>{}</r>'


def xml(session: Session, text: str) -> Session:
    session.add("GET", "/load", html=text)
    entry = session.entries[-1]
    object.__setattr__(entry.response, "media_type", "application/xml")
    return session


def carried(answer: str, value: str, *, is_xml: bool = False) -> Session:
    session = xml(Session(), answer) if is_xml else Session().add("GET", "/load", html=answer)
    return session.add("POST", "/save", body=f"ref={value}", html="<p>Saved")


def coded(value: str) -> str:
    return b64encode(value.encode()).decode()


@pytest.mark.parametrize(
    "answer",
    [
        XML.format(f"<ref>{coded(UUID)}</ref>"),
        XML.format(f"<ref>{UUID.encode().hex()}</ref>"),
        XML.format(f"<ref>3934301.6733301737.{UUID}</ref>"),
        XML.format(f"<ref>3934301:{UUID}:6733301737</ref>"),
        XML.format(f'<entry kind="main" ref="{coded(UUID)}"/>'),
    ],
)
def test_a_uuid_that_an_element_holds_encoded_or_among_others_is_not_made_up(answer: str) -> None:
    result = imported(carried(answer, UUID, is_xml=True))
    assert "uuid" not in str(sent(result, 1).body)
    assert len(sent(result, 0).captures) == 1
    assert proved(result)


@pytest.mark.parametrize(
    "page",
    [
        f'<a href="/open?ref={coded(TOKEN)}&amp;view=full">Open</a>',
        f'<a href="/open?ref=Bearer%20{TOKEN}">Open</a>',
        f"<!-- ref: {coded(TOKEN)} -->",
        f'<template><input type="hidden" name="ref" value="{coded(TOKEN)}"></template>',
        f"<script>var ref = '{coded('23014058')}';</script>",
        f"<DIV CLASS='root' DATA-REF='{coded(TOKEN)}'></DIV>",
        f"<script>var boot = {dumps(dumps({'ref': coded(TOKEN)}))};</script>",
    ],
)
def test_what_a_page_holds_encoded_is_taken_from_there(page: str) -> None:
    value = "23014058" if "var ref" in page else TOKEN
    result = imported(carried(page, value))
    assert value not in str(sent(result, 1).body)
    assert sent(result, 0).captures
    assert proved(result)


@pytest.mark.parametrize("name", ["ref", "schluessel_id"])
def test_the_digest_of_what_stands_behind_a_name_is_made_of_it(name: str) -> None:
    digest = sha256(TOKEN.encode()).hexdigest()
    result = imported(carried(f"<p>x</p><pre>status=OK\n{name}={TOKEN}\n</pre>", digest))
    assert "sha256" in str(sent(result, 1).body)
    assert not result.plan.secrets
    assert proved(result)


def test_a_number_in_base64_is_taken_where_it_is_called_the_same() -> None:
    session = Session().add("GET", "/load", json='{"ref": "8439827", "size": "8439828"}')
    result = imported(session.add("POST", "/save", body=f"ref={coded('8439827')}", html="<p>Saved"))
    assert "base64" in str(sent(result, 1).body)
    assert proved(result)


def test_a_row_that_is_empty_does_not_hide_the_names_of_the_others() -> None:
    def rows(*names: str) -> str:
        ids = {"Rug": 6289, "Lamp": 3002, "Vase": 7154}
        return dumps({"items": [None, *({"id": ids[name], "title": name} for name in names)]})

    session = Session().add("GET", "/rugs", json=rows("Rug", "Lamp", "Vase")).add("GET", "/rugs/3002", json="{}")
    (capture,) = sent(imported(session), 0).captures
    assert extract(capture, Response("", (), rows("Lamp", "Vase", "Rug"))) == "3002"


def test_a_cursor_names_no_row() -> None:
    def edges(*rows: tuple[str, str]) -> str:
        told = [{"cursor": coded(number).rstrip("="), "node": {"id": number, "n": name}} for number, name in rows]
        return dumps({"data": {"rugs": {"edges": told}}})

    session = Session().add("GET", "/rugs", json=edges(("6289", "Rug"), ("3002", "Lamp"))).add("GET", "/rugs/3002", json="{}")
    (capture,) = sent(imported(session), 0).captures
    assert extract(capture, Response("", (), edges(("4417", "Lamp"), ("5110", "Rug")))) == "4417"


@pytest.mark.parametrize("kind", ["json", "html", "pdf"])
def test_a_number_is_asked_for_in_a_form_of_its_own(kind: str) -> None:
    session = Session().add("POST", "/orders", body="a=1", json='{"order_id": 417}')
    result = imported(session.add("GET", f"/orders/417.{kind}", json="{}"))
    assert "417" not in str(sent(result, 1).url)
    assert proved(result)


def test_another_number_with_a_form_behind_it_stays() -> None:
    session = Session().add("POST", "/orders", body="a=1", json='{"total": 417}')
    result = imported(session.add("GET", "/help/417.html", html="<p>Help"))
    assert "417" in str(sent(result, 1).url)


def test_a_header_of_an_answer_is_called_as_a_field_is() -> None:
    session = Session().add("GET", "/load", json="{}", received={"X-Order-Id": "4417", "X-Total": "4418"})
    result = imported(session.add("GET", "/show?order_id=4417&lines=4418", json="{}"))
    assert "4417" not in str((*sent(result, 1).query, sent(result, 1).url))
    assert len(sent(result, 0).captures) == 1


def test_what_stands_behind_a_scheme_is_one_value() -> None:
    value = "1vtDVwF6bY:WZg2ae"
    session = Session().add("GET", "/load", json=dumps({"pass": value}))
    result = imported(session.add("GET", "/me", sent={"Authorization": f"Token {value}"}, json="{}"))
    assert "WZg2ae" not in str(sent(result, 1).headers)
    assert proved(result)


def test_base64_in_an_address_is_decoded_for_a_header_though_nothing_is_encoded_in_it_this_time() -> None:
    value = BASE64.replace("/", "8")
    session = Session().add("GET", "/start", status=302, location=f"/step?px={value}&hop=1")
    session.add("GET", f"/step?px={value}&hop=1", html="<p>Here")
    result = imported(session.add("GET", "/api", sent={"X-Px": value}, json="{}"))
    header = next(h for h in sent(result, 2).headers if h.name == "X-Px")
    (capture,) = [c for c in sent(result, 0).captures if c.name in str(header.value)]
    raw = extract(capture, Response("", (("Location", "/step?px=ab%2Bcd%3D&hop=1"),), ""))
    assert evaluate(header.value, {capture.name: raw or ""}) == "ab+cd="


def test_a_pair_of_a_client_is_proved_beside_a_code_that_may_be_encoded() -> None:
    verifier = "WVKyU_uXt6oPYVoFjp-yHYPfR4BOQmRONACXPbWoGYfQrjtT6IafcnCjZr_KNPBJ"
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    code = "oLrgq8CrXQ4r7SUHwH2EvElTXrsYiKFf"
    session = Session().add("GET", f"/authorize?code_challenge={challenge}", status=302, location=f"/done?code={code}")
    session.add("GET", f"/done?code={code}", html="<p>Done")
    assert proved(imported(session.add("POST", "/token", body=f"code={code}&code_verifier={verifier}", json="{}")))


def test_the_slashes_of_base64_may_stay_in_a_query_and_the_plus_may_not() -> None:
    session = Session().add("GET", "/load", json=dumps({"f1": BASE64}))
    result = imported(session.add("GET", f"/put?f1={BASE64}", json="{}"))
    (capture,) = sent(result, 0).captures
    url = evaluate(url_template(sent(result, 1)), {capture.name: "wv/pE+Nd==", **{t.name: t.url for t in result.plan.targets}})
    assert url.endswith("f1=wv/pE%2BNd%3D%3D")
    assert proved(result)


def test_an_operation_of_graphql_and_a_numbered_word_are_constant() -> None:
    body = dumps({"operationName": "ListRef_Id7", "variables": {}, "query": "query ListRef_Id7 { x }"})
    session = Session().add("POST", "/graphql", sends="application/json", body=body, json='{"data": {}}')
    result = imported(session.add("GET", "/app/report26", json="{}"))
    assert not result.plan.secrets


def test_a_value_in_an_address_in_a_field_is_looked_for_though_the_address_is_known() -> None:
    value = "f65ae60b318c8d2b7fa614a046358c11abd54bdb"
    page = f'<a href="http://shop.test/back">Back</a><input type="hidden" name="invoice" value="{value}">'
    sends = f"http%3A%2F%2Fshop.test%2Fback%3Finvoice%3D{value.upper()}"
    result = imported(Session().add("GET", "/load", html=page).add("GET", f"/open?next={sends}", html="<p>Open"))
    assert value.upper() not in str(sent(result, 1).url)
    assert proved(result)


def test_short_numbers_of_xml_are_found_beside_text_that_is_quoted() -> None:
    def session(number: int, name: str) -> Session:
        text = XML.format(f'<entry kind="main" beleg="{number}"/><note><![CDATA[<b>Hi</b>]]></note>')
        one = xml(Session(name), text)
        return one.add("GET", f"/show?beleg={number}", json="{}")

    result = imported(session(266, "a.har"), session(957, "b.har"))
    (capture,) = sent(result, 0).captures
    assert extract_with(capture, Response("", (), XML.format('<entry kind="main" beleg="31"/>')), {}) == "31"


@pytest.mark.parametrize("beside", ["T0ikSw1951zajQOAxSTF9Ikd9ls,8755145,763810918646", " 4d54039c697d5d75 ", "M8YmjnqOh"])
def test_a_code_beside_a_value_does_not_name_its_item(beside: str) -> None:
    session = Session().add("GET", "/load", json=dumps({"rows": [{"i": beside, "k": TOKEN}]}))
    (capture,) = sent(imported(session.add("GET", f"/show?k={TOKEN}", json="{}")), 0).captures
    assert extract(capture, Response("", (), dumps({"rows": [{"i": "other", "k": "Ab3"}]}))) == "Ab3"


def test_a_name_with_a_number_names_its_item() -> None:
    def rows(*names: str) -> str:
        return dumps({"rows": [{"id": {"iPhone4S": "6289", "Pixel9Pro": "3002"}[name], "model": name} for name in names]})

    session = Session().add("GET", "/load", json=rows("iPhone4S", "Pixel9Pro")).add("GET", "/phones?id=3002", json="{}")
    (capture,) = sent(imported(session), 0).captures
    assert extract(capture, Response("", (), rows("Pixel9Pro", "iPhone4S"))) == "3002"


@pytest.mark.parametrize("before", ["oOhmLswGU", "Nd3k%2B"])
def test_no_value_stands_in_what_another_is_known_by(before: str) -> None:
    text = f"status=OK&first={before}&key_id={{}}&last=1"
    session = carried(text.format(TOKEN), TOKEN)
    object.__setattr__(session.entries[0].response, "media_type", "text/plain")
    (capture,) = sent(imported(session), 0).captures
    assert extract(capture, Response("", (), "status=OK&first=x&key_id=Ab3&last=1")) == "Ab3"


def test_a_quoted_text_is_known_by_its_element() -> None:
    text = XML.format("<first>oOhmLswGU</first><ref><![CDATA[{}]]></ref>")
    (capture,) = sent(imported(carried(text.format(TOKEN), TOKEN, is_xml=True)), 0).captures
    assert extract(capture, Response("", (), "<r><ref><![CDATA[Ab3]]></ref></r>")) == "Ab3"


def test_two_texts_of_base64_that_a_script_joined_are_both_taken_whole() -> None:
    one, other = "6qaNOMzb+Y5A4lWXypRi3A==", "b1inGjEGWvVuPLtVDuMl5A=="
    session = Session().add("GET", "/load", json=dumps({"first": one, "second": other}))
    result = imported(session.add("GET", "/show", sent={"X-Key": f"{one}.{other}"}, json="{}"))
    assert "==" not in str(sent(result, 1).headers)
    assert proved(result)


@pytest.mark.parametrize("written", ["Qm7xT2vK9p&plus;Lw4RzN8s&sol;Hd&equals;", "Qm7xT2vK9p&#43;Lw4RzN8s&#x2F;Hd&#61;"])
def test_the_text_of_an_element_may_be_written_with_references(written: str) -> None:
    page = f'<p>Reference <code class="ref">{written}</code></p>'
    result = imported(carried(page, "Qm7xT2vK9p%2BLw4RzN8s%2FHd%3D"))
    assert sent(result, 0).captures
    assert not result.plan.secrets
    assert proved(result)


def test_a_uuid_in_capitals_is_known_though_most_of_it_is_digits() -> None:
    result = imported(carried("5C073A57-CA94-4595-A7EE-843689554506", "5c073a57-ca94-4595-a7ee-843689554506", is_xml=True))
    assert "lower" in str(sent(result, 1).body)
    assert proved(result)


def test_a_cookie_may_be_sent_in_xml_too_and_what_an_element_is_called_is_no_value() -> None:
    session = Session().add("GET", "/load", json='{"ok": true}', received={"Set-Cookie": f"claimKey={TOKEN}; Path=/"})
    xml(session, '<?xml version="1.0"?><r><Item1Key>x</Item1Key></r>')
    result = imported(session.add("POST", "/save", body=f"<r><Item1Key>{TOKEN}</Item1Key></r>", sends="application/xml", json="{}"))
    assert TOKEN not in str(sent(result, 2).body)
    assert "Item1Key" in str(sent(result, 2).body)
    assert proved(result)


def test_a_short_value_beside_it_does_not_hide_a_digest() -> None:
    def session(seed: str) -> Session:
        found = Session(f"{seed}.har").add("GET", "/load", json=dumps({"seed": seed, "step": 1}))
        body = dumps({"body": dumps({"t": 1, "proof": sha256(seed.encode()).hexdigest()})})
        return found.add("POST", "/save", body=body, sends="application/json")

    result = imported(session(TOKEN), session(TOKEN[::-1]))
    assert "sha256" in str(sent(result, 1).body)
    assert proved(result)


def test_a_token_with_the_signs_of_a_query_is_taken_whole() -> None:
    written = "dlsdaWTQDT&amp;N5dHT0oJ=TvUrYb+/"
    session = xml(Session(), f"<r><sessionId>{written}</sessionId></r>")
    body = f"<r><sessionId>{written}</sessionId><name>Tea</name></r>"
    result = imported(session.add("POST", "/save", body=body, sends="text/xml", json="{}"))
    assert "dlsda" not in str(sent(result, 1).body)
    assert proved(result)


def test_a_digit_between_two_words_makes_no_token() -> None:
    result = imported(Session().add("POST", "/odata/item3Set", body="{}", sends="application/json", json="{}"))
    assert not result.plan.secrets
