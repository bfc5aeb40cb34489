"""What users make up and choose: words that must be new each time, names of files, ids of things, choices from a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import BASE, Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import CssSource, FilePart, MultipartBody, Request
from loadwright.compiler.plan.template import Reference, call, template, walk
from loadwright.compiler.plan.traverse import request_templates
from loadwright.compiler.recording.model import Upload

TOKEN = "q8Zr+4kLw/9sXvB2"


def uploading(name: str) -> Session:
    stem = name.partition(".")[0]
    session = Session().add("POST", "/upload", body="x", sends="multipart/form-data; boundary=b")
    session.add("GET", f"/{stem}/").add("POST", f"/manage?path=/{stem}").add("GET", "/zebra51f0c9aa/")
    upload = session.entries[0]
    request = replace(
        upload.request, body=None, parts=(Upload("war", b"PK", name, "application/zip"),), media_type="multipart/form-data"
    )
    session.entries[0] = replace(upload, request=request)
    return session


def test_the_name_of_an_uploaded_file_is_made_up_again_where_it_was_made_up() -> None:
    result = imported(uploading("whaled761c4b0.war"))
    assert verdicts(result) == [("generate", "unique"), ("unresolved", "value")]  # nobody uploaded the second one
    body = sent(result, 0).body
    assert isinstance(body, MultipartBody)
    (part,) = body.parts
    assert isinstance(part, FilePart)
    assert part.filename == template(Reference(name="unique"), ".war")
    assert all_references(sent(result, 1)) == all_references(sent(result, 2)) == [Reference(name="unique")]
    assert proved(result)


def test_the_name_of_an_uploaded_file_stays_where_it_is_a_word() -> None:
    result = imported(uploading("report.final.pdf"))
    assert [v for v in verdicts(result) if v[1] == "unique"] == []
    assert proved(result)


def test_a_word_in_the_name_of_a_file_is_made_up_again_with_what_is_called_after_it() -> None:
    told = '{"title": "Yard plan 611774df"}'
    session = Session().add("POST", "/upload", body="x", sends="multipart/form-data; boundary=b", json=told)
    session.add("GET", "/search?q=Yard+plan+611774df", html="<p>Yard plan 611774df")
    session.add("POST", "/notes", body="text=Seen+by+Otto+611774df", status=302, location="/")
    upload = session.entries[0]
    parts = (Upload("plan", b"PDF", "Yard plan 611774df.pdf", "application/pdf"),)
    session.entries[0] = replace(upload, request=replace(upload.request, body=None, parts=parts, media_type="multipart/form-data"))
    result = imported(session)
    body = sent(result, 0).body
    assert isinstance(body, MultipartBody)
    (part,) = body.parts
    assert isinstance(part, FilePart)
    assert part.filename == template("Yard plan ", Reference(name="unique"), ".pdf")
    assert "611774df" not in str(result.plan.model_dump_json())
    assert proved(result)


def shop_with_a_title(title: str) -> Session:
    page = f"<title>New</title><form><input name=csrf type=hidden value={TOKEN}><input name=title></form>"
    text = title.replace(" ", "+")
    return (
        Session()
        .add("GET", "/new", html=page)
        .add(
            "POST", "/new", body=f"csrf={TOKEN.replace('+', '%2B').replace('/', '%2F')}&title={text}", status=302, location="/list"
        )
        .add("GET", "/list", html=f"<p>{title}")
        .add("GET", f"/list?s={text}", html=f"<p>{title}")
        .add("POST", "/api/edit", body=f'{{"content":"{title} again"}}', sends="application/json", json='{"done":true}')
    )


@pytest.mark.parametrize("word", ["f05fa879", "bfb66fc1", "bcddbe2d", "ddcbdbb1"])
@pytest.mark.parametrize("others", [(), ("Crane stuck 4c19d0ba",)])
def test_a_word_that_was_made_up_to_be_unique_is_another_in_each_iteration(others: tuple[str, ...], word: str) -> None:
    result = imported(*map(shop_with_a_title, (f"Pump leaks {word}", *others)))
    unique = Reference(name="unique")
    values = {v.name: v.value for v in result.plan.variables}
    assert values["unique"] == template(call("lower", call("random_string", "8")))
    assert values["title"] == template("Pump leaks ", unique)
    if others:
        assert values["content"] == template("Pump leaks ", unique, " again")
    assert word not in str(result.plan)
    assert proved(result)


def test_hexadecimal_digits_may_have_no_letter() -> None:
    result = imported(shop_with_a_title("Pump leaks 70437094"))
    values = {v.name: v.value for v in result.plan.variables}
    assert values["title"] == template("Pump leaks ", Reference(name="unique"))
    assert values["unique"] == template(call("random", "10000000", "99999999"))


def test_spoken_words_may_be_joined_by_a_hyphen() -> None:
    values = {v.name: v.value for v in imported(shop_with_a_title("Moby-Dick 0ff02592")).plan.variables}
    assert values["title"] == template("Moby-Dick ", Reference(name="unique"))


@pytest.mark.parametrize("number", ["20261125", "26112026", "40000000"])
def test_a_number_that_nobody_tells_of_or_that_may_be_met_by_chance_is_not_made_up(number: str) -> None:
    for shown in (f"<p>Pump leaks {number}", "<p>Thanks"):
        session = Session().add("POST", "/notes", body=f"text=Pump+leaks+{number}", html=shown)
        assert "unique" not in [v.name for v in imported(session).plan.variables]
    unheard = (
        Session().add("POST", "/notes", body="text=Pump+leaks+70437094", html="<p>Thanks").add("GET", "/notes", html="<p>None")
    )
    assert "unique" not in [v.name for v in imported(unheard).plan.variables]


@pytest.mark.parametrize("title", ["order 20261125", "decade24 facade88", "f05fa879", "call f(x7k2m9q4);", "Chapter twelve"])
def test_dates_references_and_code_are_not_made_up(title: str) -> None:
    result = imported(shop_with_a_title(title))
    assert "unique" not in [v.name for v in result.plan.variables]


def editor(number: str, day: str = "", seconds: str = "") -> Session:
    """A page with an id in a field of a form, used in URLs, forms and scripts under other names."""
    days = "".join(f"<a href=\"javascript:pick('cal','{n}')\">{n}</a>" for n in ("9846", "9851", "9852"))
    form = f'<form><input type=hidden name=post_ID value="{number}"><input type=hidden name=argument value="">{days}</form>'
    listed = f'<a href="/?p={number}">view</a><div class="ss">{seconds}</div>'
    return (
        Session()
        .add("GET", "/new", html=form)
        .add("POST", "/calendar", body=f"argument={day}", html="<p>saved")
        .add("POST", f"/api/posts/{number}", body="{}", sends="application/json", json="{}")
        .add("GET", "/list", html=listed)
        .add("GET", f"/?p={number}", html="<h1>It")
        .add("POST", "/locks", body=f"locked=post-{number}&ss={seconds}")
        .add("GET", f"/edit?post={number}&page={number}", html="<h1>It")
    )


def test_a_short_id_is_known_by_the_thing_that_a_url_speaks_of() -> None:
    result = imported(editor("12"))
    assert [c.name for c in sent(result, 0).captures] == ["post_id"]
    used = {r.name for position in range(7) for r in all_references(sent(result, position))}
    assert used == {"post_id"}
    texts = [str(sent(result, position).model_dump()) for position in (2, 4, 5)]
    assert not [text for text in texts if "'12'" in text or "post-12" in text]
    assert "&page=12" in str(sent(result, 6).url)  # a count by its name
    assert proved(result)


def test_what_a_page_offers_and_the_user_chose_otherwise_is_the_users() -> None:
    first, second = editor("12", "9846", "18"), editor("15", "9851", "50")
    result = imported(first, second)
    assert {v.name: v.value.literal for v in result.plan.variables} == {"argument": "9846"}
    assert CssSource(selector=".ss") in [c.source for c in sent(result, 3).captures]
    assert proved(result)


def all_references(request: Request) -> list[Reference]:
    return [part for flat, _ in request_templates(request) for part in walk(flat) if isinstance(part, Reference)]


def test_a_word_that_a_page_showed_is_not_made_up() -> None:
    session = Session().add("GET", "/tickets", html="<p>Ticket bfb66fc1")
    result = imported(session.add("POST", "/reply", body="text=About+ticket+bfb66fc1"))
    assert "unique" not in [v.name for v in result.plan.variables]


@pytest.mark.parametrize(("number", "taken"), [("48213", True), ("12", False), ("20000", False)])
def test_a_long_number_in_a_url_is_the_id_that_a_page_gave(number: str, taken: bool) -> None:
    page = f'<form><input type=hidden name=post_ID value="{number}"></form>'
    result = imported(Session().add("GET", "/new", html=page).add("GET", f"/?p={number}&find=1", html="<p>Found"))
    assert [c.name for c in sent(result, 0).captures] == (["post_id"] if taken else [])


def signing_up(name: str, mail: str, answer: str = "") -> Session:
    person = f'{{"username":"{name}","email":"{mail}","team":"Red"}}'
    session = Session().add("GET", "/people", json='{"people":[]}')
    session.add("POST", "/people", body=person, sends="application/json", status=201, json='{"id":"p-1f9c27ab"}')
    return session.add("GET", f"/people?search={name}", json=answer or f'{{"people":[{person}]}}')


@pytest.mark.parametrize("others", [(), (("herman-77b20cfe", "herman.77b20cfe@example.org"),)])
def test_a_name_without_spaces_has_another_random_part_in_each_iteration(others: tuple[tuple[str, str], ...]) -> None:
    recordings = (("greta-4c6ce8af", "greta.4c6ce8af@example.org"), *others)
    result = imported(*(signing_up(*one) for one in recordings))
    unique = Reference(name="unique")
    values = {v.name: v.value for v in result.plan.variables}
    assert values["unique"] == template(call("lower", call("random_string", "8")))
    assert values["username"] == template("greta-", unique)
    assert values["email"] == template("greta.", unique, "@example.org")
    assert Reference(name="username") in all_references(sent(result, 2))
    assert "4c6ce8af" not in str(result.plan)
    assert not result.plan.secrets
    assert proved(result)


@pytest.mark.parametrize("name", ["key", "gate_id", "name"])
def test_a_made_up_name_keeps_its_words_though_it_is_called_an_id(name: str) -> None:
    session = Session().add("GET", "/", html="<title>Gates</title>")
    session.add("POST", "/gates", body=f'{{"{name}":"gate_4c6ce8af"}}', sends="application/json", json='{"key":"gate_4c6ce8af"}')
    session.add("DELETE", "/gates/gate_4c6ce8af", sent={"Referer": f"{BASE}/gates?name=gate_4c6ce8af"})
    result = imported(session)
    texts = [text for request in (sent(result, 1), sent(result, 2)) for text in (request.url, request.body, request.headers)]
    assert "4c6ce8af" not in str(texts)
    drawn = [v.value for v in result.plan.variables if v.value == template(call("lower", call("random_string", "8")))]
    assert len(drawn) == 1
    assert "random_string" not in str([v.value for v in result.plan.variables if v.value not in drawn])
    assert proved(result)


def test_a_name_is_the_same_in_a_query_that_a_form_wrote() -> None:
    for_all = []
    for words in ("Berths 4c6ce8af", "Stalls 9d01be72"):
        session = Session(f"{words}.har").add("GET", "/", html="<title>Pools</title>")
        session.add("POST", "/pools", body=f'{{"name":"{words}"}}', sends="application/json", json=f'{{"name":"{words}"}}')
        page = f"{BASE}/pools?like={words.replace(' ', '+')}"
        for_all.append(session.add("DELETE", f"/pools/{words.replace(' ', '%20')}", sent={"Referer": page}))
    result = imported(*for_all)
    name = Reference(name="name")
    referer = next(h.value for h in sent(result, 2).headers if h.name == "Referer")
    assert referer.parts[-1] == call("formencode", name)
    assert "Berths" not in str([sent(result, 2).url, sent(result, 2).headers])
    assert proved(result)


@pytest.mark.parametrize("others", [(), ("herman-77b20cfe",)])
def test_a_random_part_that_nobody_can_say_is_made_up_though_one_digit_ends_it(others: tuple[str, ...]) -> None:
    result = imported(*(signing_up(name, "greta@example.org") for name in ("greta-ddcbdbb1", *others)))
    assert {v.name: v.value for v in result.plan.variables}["username"] == template("greta-", Reference(name="unique"))
    assert "ddcbdbb1" not in str(result.plan)
    assert proved(result)


@pytest.mark.parametrize("name", ["greta-strength", "greta-bbdccdff"])
def test_a_word_with_a_vowel_or_without_a_digit_is_not_made_up(name: str) -> None:
    result = imported(signing_up(name, "greta@example.org"))
    assert "unique" not in [v.name for v in result.plan.variables]


def test_the_words_of_a_name_may_stand_together() -> None:
    result = imported(signing_up("HarbourNotes_9172baa5", "greta@example.org"))
    values = {v.name: v.value for v in result.plan.variables}
    assert values["username"] == template("HarbourNotes_", Reference(name="unique"))
    assert proved(result)


@pytest.mark.parametrize("name", ["greta-20261125", "sha256-4c6ce8af", "q8Zr4kLw-9sXvB2aa", "greta-4c6ce8af"])
def test_a_name_that_nobody_tells_of_or_that_has_no_random_part_is_not_made_up(name: str) -> None:
    result = imported(signing_up(name, "greta@example.org", '{"people":[]}'))
    assert "unique" not in [v.name for v in result.plan.variables]


def _wiki(page: str) -> Session:
    session = Session().add("GET", f"/wiki/{page}", html="<h1>Describe it here</h1>")
    session.add("GET", f"/wiki/{page}?action=edit", html='<form method=post><textarea name="text"></textarea></form>')
    session.add("POST", f"/wiki/{page}", body="text=The+pier+is+open.", status=303, location=f"/wiki/{page}")
    return session.add("GET", f"/wiki/{page}", html="<p>The pier is open.</p>")


def test_a_page_that_is_made_by_its_address_is_called_otherwise_in_each_iteration() -> None:
    for others in ((), (_wiki("OrchardPlan-7b3ce09a"),)):
        result = imported(_wiki("HarbourNotes-d4772f1d"), *others)
        assert "d4772f1d" not in result.plan.model_dump_json()
        assert ("generate", "unique") in verdicts(result)
        assert proved(result)


@pytest.mark.parametrize("shown", ['{"title": "Lauer4c6ce8af"}', '{"found": ["Ann Lauer4c6ce8af"]}'])
def test_a_made_up_word_may_stand_right_behind_a_spoken_one(shown: str) -> None:
    session = Session().add("POST", "/cards", body='{"sn": "Lauer4c6ce8af"}', sends="application/json", json='{"id": 1}')
    session.add("GET", "/cards", json=shown)
    result = imported(session.add("GET", "/cards?search=4c6ce8af", json=shown))
    assert ("generate", "unique") in verdicts(result)
    assert "4c6ce8af" not in result.plan.model_dump_json()
    assert proved(result)


def test_a_word_with_a_number_or_a_code_that_nobody_tells_of_is_not_made_up() -> None:
    session = Session().add("POST", "/cards", body='{"sn": "Lauer20261126", "form": "Print4c6ce8af"}', sends="application/json")
    result = imported(session.add("GET", "/cards", json='{"title": "Lauer20261126"}'))
    assert "generate" not in {verdict for verdict, _ in verdicts(result)}


@pytest.mark.parametrize(("again", "is_made_up"), [("", False), ("&password2=Quay-pass-42", True)])
def test_who_logs_in_is_there_and_who_registers_is_new(again: str, is_made_up: bool) -> None:
    session = Session().add("GET", "/login", html='<form><input name="user"><input name="password" type="password"></form>')
    session.add("POST", "/enter", body=f"user=Lauer4c6ce8af&password=Quay-pass-42{again}", html="<h1>Hello Lauer4c6ce8af</h1>")
    assert (("generate", "unique") in verdicts(imported(session))) is is_made_up


@pytest.mark.parametrize("code", ["CREW4C6CE8AF", "crew-4C6CE8AF", "4C6CE8AF"])
def test_a_made_up_word_in_capitals_is_the_same(code: str) -> None:
    session = Session().add("GET", "/crews/new", html='<form><input name="title"></form>')
    session.add("POST", "/crews", body="title=Boat+crew+4c6ce8af", html="<h1>Made</h1>")
    result = imported(session.add("POST", "/vouchers", body=f"code={code}", html=f"<p>{code} is good</p>"))
    assert "4c6ce8af" not in result.plan.model_dump_json().lower()
    assert "unresolved" not in {verdict for verdict, _ in verdicts(result)}
    assert proved(result)


@pytest.mark.parametrize("code", ["x4C6CE8AF", "CREW4C6CE8AFX", "CREW4C6CE8AF1"])
def test_capitals_in_a_longer_word_are_not(code: str) -> None:
    session = Session().add("POST", "/crews", body="title=Boat+crew+4c6ce8af", html="<h1>Made</h1>")
    result = imported(session.add("POST", "/vouchers", body=f"code={code}", html="<p>Good</p>"))
    assert "upper" not in result.plan.model_dump_json()


@pytest.mark.parametrize(
    ("ours", "theirs", "is_typed"),
    [
        ("Pump leaks 4c6ce8af", "Crane stuck f05fa879", True),
        ("Pump leaks", "Crane stuck", False),
        ("Pump leaks 4c6ce8af\nsoon", "Crane stuck f05fa879\nlater", False),
    ],
)
def test_a_line_that_is_sent_as_a_whole_is_the_user_s(ours: str, theirs: str, is_typed: bool) -> None:
    """A key's value, whatever type it is sent under: from two recordings all of it is a variable."""

    def kept(word: str, text: str) -> Session:
        session = Session(f"{word}.har").add("GET", "/boats/new", html='<form><input name="title"></form>')
        session.add("POST", "/boats", body=f"title=Boat+{word}", html="<h1>Made</h1>")
        return session.add("PUT", "/note", body=text, sends="application/json", json="true")

    result = imported(kept("4c6ce8af", ours), kept("f05fa879", theirs))
    assert (("parameterise", "text") in verdicts(result)) is is_typed
    assert ("Pump leaks" in str(sent(result, 2).body)) is not is_typed


@pytest.mark.parametrize(("value", "is_a_name"), [("ann", True), ("4711", True), ("0", False), ("1", False)])
def test_a_box_that_is_called_user_says_not_who_that_is(value: str, is_a_name: bool) -> None:
    session = Session().add("GET", "/roles/new", html="<h1>Roles</h1>")
    result = imported(session.add("POST", "/roles", body=f"title=Warden&user={value}", html="<h1>Made</h1>"))
    assert (("parameterise", "user") in verdicts(result)) is is_a_name


def test_eight_digits_are_a_made_up_word_where_a_later_answer_tells_of_them() -> None:
    session = Session().add("POST", "/rows", body="title=Crane+81191493", html="<p>Saved")
    session.add("GET", "/rows", json='{"rows": [{"id": 4528, "title": "Crane 81191493"}, {"id": 4711, "title": "Oak"}]}')
    result = imported(session.add("GET", "/rows/4528", html="<p>Crane"))
    assert "@.title==" in str(sent(result, 1).captures[0].source)
    assert proved(result)


def subscribing(client: str, field: str) -> Session:
    page = f"<form action=/subscribe>{field}<input name=topic type=text></form>"
    session = Session().add("GET", "/subscribers", html=page)
    session.add("POST", "/subscribe", body=f"clientId={client}&topic=news", status=302, location="/subscribers")
    session.add("GET", "/subscribers", html=f"{page}<p>{client}")
    return session.add("GET", f"/unsubscribe?clientId={client}", html="<p>Done")


@pytest.mark.parametrize("others", [(), ("client-4c19d0ba",)])
def test_a_name_that_the_user_typed_is_made_up_though_scripts_call_constants_so(others: tuple[str, ...]) -> None:
    result = imported(*(subscribing(client, "<input name=clientId type=text>") for client in ("client-f05fa879", *others)))
    assert proved(result)
    assert "f05fa879" not in str(result.plan.model_dump_json())


def test_what_no_user_typed_under_such_a_name_stays_in_one_recording_and_is_asked_for_in_two() -> None:
    alone = imported(subscribing("client-f05fa879", "<input name=clientId type=hidden value=x>"))
    assert "client-f05fa879" in str(alone.plan.model_dump_json())
    one, two = (
        Session().add("POST", "/subscribe", body=f"clientId={c}&topic=news") for c in ("f05fa8793b9d61aa", "4c19d0ba0c57e1f2")
    )
    assert ("unresolved", "client_id") in verdicts(imported(one, two))
