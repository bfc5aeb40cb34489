"""Passwords in the formats in which applications send them: none is in a test, and what only looks like one stays there."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from recordings import FORM, Session, imported, proved

from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.agents.observe.answers.in_html import form_inputs
from loadwright.compiler.agents.observe.answers.in_texts import named_secrets, secrets_in_bytes
from loadwright.compiler.agents.observe.secret_arguments import secret_places
from loadwright.compiler.agents.secret_names import is_card_number, is_secret
from loadwright.compiler.printer import print_intent

_HARD = 'Kuh "Zaun"<7>+x'
_JSON = "application/json"


def _sent(body: str, sends: str) -> Imported:
    return imported(Session().add("GET", "/", html="<h1>Start</h1>").add("POST", "/x", body=body, sends=sends, json="{}"))


_CALLS = {
    "JSON-RPC": {"jsonrpc": "2.0", "id": 1, "method": "session.login", "params": ["ann", "quiet Brook"]},
    "Odoo": {"method": "call", "params": {"service": "common", "method": "login", "args": ["db", "ann", "quiet Brook"]}},
    "Ext.Direct": {"action": "Auth", "method": "login", "data": ["ann", "quiet Brook"], "type": "rpc", "tid": 1},
    "by numbers": {"class": "Auth", "method": "logon", "args": {"0": "ann", "1": "quiet Brook"}},
    "an array": ["Auth", "signIn", ["ann", "quiet Brook"]],
    "a change": {"method": "user.changePassword", "params": ["quiet Brook"]},
    "pairs": {"params": [["login", "ann"], ["password", "quiet Brook"]]},
    "options": {"args": ["--user", "ann", "--password", "quiet Brook"]},
    "a holder": {"user": "ann", "password": {"plain": "quiet Brook"}},
    "a type": {"credentials": [{"type": "password", "value": "quiet Brook", "temporary": False}]},
    "a callback": {"callbacks": [{"type": "PasswordCallback", "input": [{"name": "IDToken2", "value": "quiet Brook"}]}]},
    "GraphQL": {"query": "mutation L($e:String!,$p:String!){login(email:$e,password:$p){id}}", "variables": {"p": "quiet Brook"}},
}


@pytest.mark.parametrize("kind", _CALLS)
def test_a_password_is_known_by_its_place_in_what_is_called(kind: str) -> None:
    result = _sent(json.dumps(_CALLS[kind]), _JSON)
    assert "quiet Brook" not in print_intent(result.plan)
    assert "quiet Brook" in result.secret_values.values()
    assert proved(result)


@pytest.mark.parametrize(
    "function", ["search", "loginPageTitle", "logRequest", "loginHistory", "passwordPolicy", "resetPasswordMailText"]
)
def test_a_call_about_logging_in_has_no_password(function: str) -> None:
    assert secret_places(function, ["ann", "red bicycle"]) == ([] if function != "resetPasswordMailText" else [1])


def test_the_users_name_is_none_of_the_passwords_of_a_call() -> None:
    assert secret_places("login", ["ann", "quiet Brook", "", "true"]) == [1]


def test_the_interface_of_blogs_has_its_password_third() -> None:
    assert secret_places("metaWeblog.newPost", ["1", "ann", "quiet Brook", "a title"]) == [2]
    assert secret_places("wp.getUsersBlogs", ["ann", "quiet Brook"]) == [1]
    assert secret_places("resetPassword", ["ann@shop.test"]) == []
    assert secret_places("user.changePassword", ["quiet Brook", "green Field"]) == [0, 1]


_TEXTS = {
    "CDATA": (f"<l><user>ann</user><password><![CDATA[{_HARD}]]></password></l>", "text/xml"),
    "XML-RPC": (
        "<methodCall><methodName>auth.login</methodName><params><param><value>ann</value></param>"
        "<param><value><string>Kuh-Zaun 7</string></value></param></params></methodCall>",
        "text/xml",
    ),
    "DWR": ("callCount=1\nc0-methodName=login\nc0-param0=string:ann\nc0-param1=string:Kuh%20Zaun\nbatchId=1\n", "text/plain"),
    "DWR, an object": (
        "callCount=1\nc0-methodName=enter\nc0-e1=string:ann\nc0-e2=string:Kuh%20Zaun\n"
        "c0-param0=Object_Object:{user:reference:c0-e1, password:reference:c0-e2}\nbatchId=1\n",
        "text/plain",
    ),
    "INI": ("[db]\nuser = ann\npassword = KuhZaun7\n", "text/plain"),
    "an address": ('dsn: "postgres://app:KuhZaun7@db:5432/shop"', "text/yaml"),
    "an option": ("mysql -u ann --password=KuhZaun7 shop", "text/plain"),
    "a line": ("PASS KuhZaun7\r\nNICK ann\r\n", "text/plain"),
    "a header": ("--b\r\n\r\nGET Users HTTP/1.1\r\nX-Auth-Token: Kuh-Zaun-Tor\r\n\r\n--b--", "multipart/mixed; boundary=b"),
    "a form of name and value": ("id=7&name=user.password&value=KuhZaun7", "application/x-www-form-urlencoded"),
    "a field and its new value": ('{"field": "password", "newValue": "KuhZaun7"}', _JSON),
    "a field with its label": ('{"fields": [{"label": "Password", "value": "KuhZaun7"}]}', _JSON),
    "capitals": ('{"d": [{"Key": "Password", "Value": "KuhZaun7"}]}', _JSON),
    "one letter each": ('{"i": [{"n": "P9999_PASSWORD", "v": "KuhZaun7"}]}', _JSON),
    "pairs in a text": (urlencode({"j": '{"i": [{"n": "P9999_PASSWORD", "v": "KuhZaun7"}]}'}), FORM),
    "a property list": ("<plist><dict><key>password</key>\n<string>KuhZaun7</string></dict></plist>", "text/xml"),
    "what holds secrets": ('{"name": "x", "secureJsonData": {"header1": "KuhZaun7"}}', _JSON),
    "a secret of a cluster": ('{"kind": "Secret", "metadata": {"name": "db"}, "stringData": {"dsn": "KuhZaun7"}}', _JSON),
    "an exported variable": (json.dumps({"script": "export API_TOKEN=KuhZaun7\n"}), _JSON),
    "answers": ('{"securityAnswers": [{"question": 3, "answer": "Kuh Zaun"}]}', _JSON),
    "words of a wallet": (json.dumps({"mnemonic": "Zaun " + "open creek " * 6}), _JSON),
    "a form in a text": ("event=save\nvalue=user%5Bname%5D=ann&user%5Bpassword%5D=KuhZaun7", "text/plain"),
    "a table": ("name,password,mail\r\nann,KuhZaun7,a@x.test\r\n", "text/csv"),
    "a key": ("-----BEGIN PRIVATE KEY-----\nKuhZaun7\nAbCd\n-----END PRIVATE KEY-----\n", "text/plain"),
}


@pytest.mark.parametrize("kind", _TEXTS)
def test_a_password_is_found_in_a_text_of_its_format(kind: str) -> None:
    result = _sent(*_TEXTS[kind])
    assert "Zaun" not in print_intent(result.plan)
    assert result.secret_values
    assert proved(result)


@pytest.mark.parametrize("body", [json.dumps({"a": {"password": _HARD}}), json.dumps({"b": json.dumps({"password": _HARD})})])
def test_what_is_escaped_is_asked_for_as_it_is_typed(body: str) -> None:
    for result in (_sent(json.dumps({"rpc": body}), _JSON), _sent(body, "text/x-own")):
        assert list(result.secret_values.values()) == [_HARD]
        assert "Zaun" not in print_intent(result.plan)
        assert proved(result)


def test_a_password_is_one_wherever_and_however_it_stands() -> None:
    login = Session().add("POST", "/login", body=json.dumps({"password": _HARD}), sends=_JSON, json="{}")
    login.add("POST", "/log", body=f"ann typed {_HARD} here", sends="text/plain", json="{}")
    login.add("POST", "/xml", body="<q>my Kuh &quot;Zaun&quot;&lt;7&gt;+x</q>", sends="text/xml", json="{}")
    login.add("GET", "/check/Kuh%20%22Zaun%22%3C7%3E%2Bx/now", json="{}")
    login.add("POST", "/note", body=json.dumps({"note": f"it is {_HARD}"}), sends=_JSON, json="{}")
    result = imported(login)
    assert list(result.secret_values) == ["password"]
    assert "Zaun" not in print_intent(result.plan)
    assert proved(result)


_PAGES = {
    "a name that says nothing": ('<form><input name="f17" type="password"></form>', "f17", "green pasture"),
    "a bound input": ('<input wire:model="data.x" type="password">', "data.x", "green pasture"),
    "an id": ('<div><input id="zz9" type="password"></div>', "zz9", "green pasture"),
    "made by a script": ('<script>h("input",{type:"password",name:"cred2",onInput:x})</script>', "cred2", "green pasture"),
    "a card": ('<form><input name="f1" autocomplete="cc-number"></form>', "f1", "4000 0566 5566 5556"),
    "a code": ('<form><input name="f4" autocomplete="one-time-code"></form>', "f4", "640193"),
}


@pytest.mark.parametrize("sends", [FORM, _JSON])
@pytest.mark.parametrize("kind", _PAGES)
def test_an_input_says_what_is_typed_into_it(kind: str, sends: str) -> None:
    page, name, value = _PAGES[kind]
    body = json.dumps({name: value}) if sends == _JSON else f"{name}={value.replace(' ', '+')}"
    result = imported(Session().add("GET", "/", html=f"<h1>In</h1>{page}").add("POST", "/x", body=body, sends=sends, json="{}"))
    assert list(result.secret_values.values()) == [value]
    assert proved(result)


def test_an_input_in_a_string_of_json_says_it_too() -> None:
    page = json.dumps({"html": '<form><input type="password" name="zz9"></form>'})
    result = imported(Session().add("GET", "/dialog", json=page).add("POST", "/x", body="zz9=green+pasture", json="{}"))
    assert list(result.secret_values.values()) == ["green pasture"]


def test_an_input_that_is_not_to_be_completed_is_an_input() -> None:
    page = '<form><input name="town" autocomplete="new-password"><input name="note" autocomplete="one-time-code"></form>'
    session = Session().add("GET", "/", html=page).add("POST", "/x", body="town=Ulm&note=by+hand", json="{}")
    assert imported(session).plan.secrets == ()


_HEADERS = ["X-Auth-Token", "X-Functions-Key", "Session-Id", "PHPSESSID", "X-Access-Token", "token"]


@pytest.mark.parametrize("name", _HEADERS)
def test_a_header_of_credentials_needs_no_look_of_one(name: str) -> None:
    result = imported(Session().add("GET", "/api", sent={name: "yellow-meadow"}, json="{}"))
    assert list(result.secret_values.values()) == ["yellow-meadow"]


@pytest.mark.parametrize("name", ["X-Cache-Key", "X-Sort-Key", "X-Authority", "X-Session-Kind", "X-Token-Type"])
def test_a_header_about_credentials_is_none(name: str) -> None:
    assert imported(Session().add("GET", "/api", sent={name: "yellow-meadow"}, json="{}")).plan.secrets == ()


def test_a_link_that_works_once_is_asked_for() -> None:
    one, two = (
        Session(name).add("GET", "/reset-password?token=blue-fox-river", html="<h1>New</h1>") for name in ("a.har", "b.har")
    )
    assert list(imported(one, two).secret_values.values()) == ["blue-fox-river"]
    other = Session().add("GET", "/list?token=blue-fox-river", html="<h1>List</h1>")
    assert imported(other).plan.secrets == ()


@pytest.mark.parametrize(
    "value", ["sk_live_9f8Kq2ZmPx71VdTbNs44", "xoxb-123456789012-AbCdEfGhIjKl", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"]
)
def test_a_key_is_known_by_its_form_though_two_recordings_share_it(value: str) -> None:
    sessions = [Session(n).add("POST", "/x", body=f"key={value}", json="{}") for n in ("a.har", "b.har")]
    assert value not in print_intent(imported(*sessions).plan)


def test_the_number_of_a_card_has_a_check_digit() -> None:
    assert all(map(is_card_number, ("4111111111111111", "5555 5555 5555 4444", "378282246310005", "6011-1111-1111-1117")))
    assert not any(map(is_card_number, ("4111111111111112", "1234567890123452", "41111111", "4111 1111")))
    assert is_secret("card[number]", "4242424242424242")
    assert not is_secret("order_number", "4242424242424242")
    assert not is_secret("cardNumber", "seven")


_KEPT = {
    "pin": "Sunset, over the lake",
    "tan": "#d2b48c",
    "spin": "left turn",
    "compass": "north",
    "bypass": "cache",
    "secretary": "Mrs. Moneypenny",
    "secretName": "tls-of-shop",
    "pinCode": "560001",
    "passenger": "Anna Huber",
    "tokenize": "whitespace",
    "author": "Jane Austen",
    "key": "colour",
    "code": "SKU-77",
    "clave_producto": "silla verde",
    "answer": "forty two",
    "cardNumber": "seven",
    "signature": "Best regards",
    "method": "search",
    "mnemonic": "Alt+F",
    "name": "greeting",
    "value": "good morning",
}


def test_what_only_sounds_like_a_password_stays() -> None:
    result = _sent(json.dumps(_KEPT), _JSON)
    assert result.plan.secrets == ()
    assert not [value for value in _KEPT.values() if value not in print_intent(result.plan)]


def test_a_choice_that_is_called_a_password_is_none() -> None:
    choices = [{"label": "Password", "value": "password"}, {"label": "Passkey", "value": "passkey"}]
    assert _sent(json.dumps({"choices": choices}), _JSON).plan.secrets == ()


@pytest.mark.parametrize(
    "name",
    [
        *("密码", "пароль", "パスワード", "비밀번호", "hasło", "lösenord", "salasana", "heslo", "şifre", "parolă", "jelszó"),
        "clave",
        "smsTan",
    ],
)
def test_a_password_is_called_so_in_many_languages(name: str) -> None:
    assert is_secret(name, "481516")
    assert "481516" not in print_intent(_sent(json.dumps({name: "481516"}), _JSON).plan)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x82\xa4user\xa3ann\xa8password\xaaKuhZ\xc3\xa4un+7", "KuhZäun+7"),
        (b"\xa2\x64user\x63ann\x63pwd\x69Kuh+Zaun7", "Kuh+Zaun7"),
        (b"\xff\xd8password\xd9\x09Kuh+Zaun7\xa1x", "Kuh+Zaun7"),
    ],
)
def test_a_binary_message_says_how_long_a_password_is(data: bytes, value: str) -> None:
    assert value in [data[start:end].decode() for start, end in secrets_in_bytes(data)]


def _packed(data: bytes, media_type: str, path: str = "/x") -> Imported:
    session = Session().add("GET", "/", html="<h1>Start</h1>").add("POST", path, body="a", sends=media_type, json="{}")
    entry = session.entries[1]
    session.entries[1] = replace(entry, request=replace(entry.request, body=data))
    return imported(session)


_LONG = "Kuh-Zaun-Tor7"
_CALL = "flex.messaging.messages.CommandMessage"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/shop.Auth/Login", b"\0\0\0\0\x15\n\x04anna\x12\x0dKuh-Zaun-Tor7"),
        ("/api/login", b"\n\x04anna\x12\x0dKuh-Zaun-Tor7\x18\xff\xfe\x01"),
        ("/gateway", b"\0\x03\0\0\0\x01\0\x0aAuth.login\0\x02/1\0\0\0\xff\x0a\0\0\0\x02\x02\0\x04anna\x02\0\x0dKuh-Zaun-Tor7\xff"),
        ("/broker", f"\0\x03\x0a\x13\x4f{_CALL}\x06\x25{base64.b64encode(b'anna:Kuh-Zaun-Tor7').decode()}".encode() + b"\xff"),
    ],
)
def test_a_message_in_bytes_that_logs_in_has_no_password(path: str, data: bytes) -> None:
    media_type = "application/x-amf" if path in ("/gateway", "/broker") else "application/grpc-web+proto"
    result = _packed(data, media_type, path)
    written = print_intent(result.plan).encode() + b"".join(result.files.values())
    assert _LONG.encode() not in written
    assert base64.b64encode(b"anna:Kuh-Zaun-Tor7")[8:20] not in written
    assert [one.what for one in result.left][-1:] == ["bytes are sent as recorded"]


_FLOW = '{"changes":[{"node":7,"type":"put","key":"tag","feat":0,"value":"vaadin-password-field"}]}'
_UIDL = json.dumps({"uidl": '{"types":{"12":"4","13":"5"},"typeMappings":{"com.vaadin.ui.PasswordField":5}}'})
_COMPONENTS = {
    "Vaadin Flow": (
        _FLOW,
        {
            "rpc": [
                {"type": "mSync", "node": n, "feature": 1, "property": "value", "value": v} for n, v in ((6, "by hand"), (7, _LONG))
            ]
        },
    ),
    "Vaadin 8": (_UIDL, {"rpc": [["12", "i.Text", "setText", ["by hand", 7]], ["13", "i.Text", "setText", [_LONG, 13]]]}),
    "Vaadin 7": (_UIDL, {"rpc": [["12", "v", "v", ["text", ["s", "by hand"]]], ["13", "v", "v", ["text", ["s", _LONG]]]]}),
}


@pytest.mark.parametrize("kind", _COMPONENTS)
def test_a_component_for_passwords_is_known_by_its_id(kind: str) -> None:
    answer, sent = _COMPONENTS[kind]
    session = Session().add("POST", "/init", body="a=1", json=answer)
    result = imported(session.add("POST", "/uidl", body=json.dumps(sent), sends=_JSON, json='for(;;);[{"syncId":1}]'))
    assert list(result.secret_values.values()) == [_LONG]
    assert "by hand" in print_intent(result.plan)
    assert proved(result)


def test_a_text_box_of_zk_for_passwords_is_known_by_its_id() -> None:
    page = "<script>zkmx([0,'z1',{},[['zul.inp.Textbox','zA1',{name:'u'}],['zul.inp.Textbox','zB1',{type:'password'}]]])</script>"
    sent = {"uuid_0": "zA1", "data_0": '{"value":"by hand"}', "uuid_1": "zB1", "data_1": json.dumps({"value": _LONG})}
    session = Session().add("GET", "/login.zul", html=f"<h1>In</h1>{page}")
    result = imported(session.add("POST", "/zkau", body=urlencode(sent), json='{"rs":[]}'))
    assert list(result.secret_values.values()) == [_LONG]
    assert proved(result)


@pytest.mark.parametrize(
    "piece",
    [
        f"{_LONG} ",
        "://a:bbb@",
        "X-Token: aaaaaaaa\n",
        '{"type":"password",',
        "name,password\n",
        '\\\\"a\\\\":',
        "user a password for b ",
        "IDENTIFIED BY 'a",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    hidden = Hidden([_LONG])
    began = time.process_time()
    text = piece * (300_000 // len(piece))
    list(named_secrets(f"password {text}", credentials=True))
    list(hidden.places(text))
    session = Session().add("POST", "/login", body=f"password={_LONG}", json=text)
    form_inputs(session.entries[0])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("data", "media_type", "told"),
    [
        (b"\0\0\0\0\x0f\n\x03ann\x12\x08KuhZaun7", "application/grpc-web+proto", True),
        (b"\x00\x03\xff\xfe", "application/x-amf", True),
        (b"\xff\xd8\xff\xe0", "image/jpeg", False),
        (b'{"a":1}', _JSON, False),
    ],
)
def test_bytes_that_nobody_reads_are_told(data: bytes, media_type: str, told: bool) -> None:
    assert [one.what for one in _packed(data, media_type).left if "bytes" in one.what] == ["bytes are sent as recorded"] * told


def test_a_users_name_that_is_the_password_too_stays_the_users() -> None:
    login = Session().add("GET", "/", html='<form><input name="user"><input name="password" type="password"></form>')
    login.add("POST", "/login", body="user=harvest22&password=harvest22", html="<h1>Hi</h1>")
    login.add("POST", "/log", body="saw harvest22 come", sends="text/plain", json="{}")
    result = imported(login)
    assert "saw ${password}" not in print_intent(result.plan)
    assert list(result.secret_values) == ["password"]
