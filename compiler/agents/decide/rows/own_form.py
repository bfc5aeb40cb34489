"""Which form of a page a request is sent by, where several have the field with the same value."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.keys import is_met_by_no_chance
from loadwright.compiler.plan.model import CssSource, RegexSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry

FIELD_KINDS = ("hidden input", "input", "row")


def own_fields(site: Site, value: str, candidates: list[Occurrence]) -> list[Occurrence]:
    """Of those that give a 0, which is nothing's id, the field of this very name: a form sends what it was given.

    So it does with a short number that a hidden field has which a script put into the page.
    """
    if site.location not in ("form", "part"):
        return candidates
    if value.strip("0"):
        hidden = [o for o in candidates if o.kind == "hidden input" and o.name == site.name and isinstance(o.source, RegexSource)]
        return hidden if hidden and value.isdigit() and not is_met_by_no_chance(value) else candidates
    return [o for o in candidates if o.kind in FIELD_KINDS and o.name == site.name] or candidates


def own_field(site: Site, candidates: Iterable[Occurrence], history: History) -> Occurrence | None:
    """The only field of this name on the page that sends a form: it is sent as it was given, whatever else of a page says it.

    One of several fields of a name is a row's, and one of several choices is the user's.
    """
    if site.location not in ("form", "part") or not site.name:
        return None
    fields = (o for o in candidates if o.kind in ("hidden input", "input") and o.name == site.name and not _is_chosen(o))
    named = re.compile(rf"\sname=([\"']?){re.escape(html.escape(site.name))}\1[\s/>]")
    sent = (o for o in fields if history.is_sent_by(o.entry, site.entry))
    return next((o for o in sent if len(list(islice(named.finditer(history.answer(o.entry)), 2))) == 1), None)


def own_hidden(site: Site, best: Occurrence, history: History) -> Occurrence | None:
    """The hidden field of the page that sends a form, where a short value would else be that of another page's."""
    if site.location not in ("form", "part") or is_met_by_no_chance(best.value) or not best.value.isdigit():
        return None
    hidden = (o for o in history.given(site, best.value) if o.kind == "hidden input" and not o.chain)
    field = own_field(site, hidden, history)
    return field if field and field.path != best.path else None


def _is_chosen(occurrence: Occurrence) -> bool:
    """Whether a value is no field's own, but that of one of several choices."""
    return not isinstance(occurrence.source, CssSource) or fixed(occurrence.source.selector).endswith(" option")


def of_its_form(best: Occurrence, candidates: Iterable[Occurrence], page: Entry, request: Entry) -> Occurrence:
    """The field of the form that is sent where the request goes, else the best one.

    A page has the same token in each of its forms, and another session's page may lack the other form.
    """
    forms = {form: o for o in candidates if (form := _form(o)) and (o.entry, o.name, o.kind) == (best.entry, best.name, best.kind)}
    if len(forms) < 2:
        return best
    document = LexborHTMLParser(page.response.text or "")
    sent = [o for form, o in forms.items() if _target(document, form, page.request.url) == path_of(request)]
    return sent[0] if sent and best not in sent else best


def _form(occurrence: Occurrence) -> str:
    """The selector of the form that an occurrence names; empty where it names none."""
    source = occurrence.source
    selector = fixed(source.selector) if isinstance(source, CssSource) else ""
    return selector.partition(" ")[0] if selector.startswith("form") else ""


def _target(document: LexborHTMLParser, form: str, page: str) -> str:
    node = document.css_first(form)
    try:
        return urlsplit(urljoin(page, (node.attributes.get("action") if node else "") or page)).path
    except ValueError:  # no address at all
        return ""
