"""URLs and paths; needs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadwright.compiler.recording.urls import host_port, is_local, path_template, site, wire_url


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("", "/"),
        ("/api/v1/users/42", "/api/v1/users/{id}"),
        ("/x/123.json", "/x/{id}.json"),
        ("/main.3f2a1b9c.js", "/main.{id}.js"),
        ("/jquery-ui-1.13.2.css", "/jquery-ui-1.13.2.css"),
        ("/(S(lit3py55t21z5v55vlm25s55))/orders.aspx", "/{id}/orders.aspx"),
        ("/j_security_check;jsessionid=0A1B", "/j_security_check"),
        ("/u/j%40x.de", "/u/{id}"),
        ("/site/@@historyview", "/site/@@historyview"),
        ("/@alice/17", "/{id}/{id}"),
        ("/interaction/wjIEdjip2i6qNQPSn-2FwueRs7PSQhRH2qlk8eP-KV9", "/interaction/{id}"),
        ("/a/7b1f9c04-55aa-4c1e-9d0e-2f6f8f0c9a11", "/a/{id}"),
        ("/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "/{id}"),
        ("/orders/ORD-2024-0001/pay", "/orders/{id}/pay"),
        ("/foo//bar/", "/foo//bar/"),
        ("/1.1/authtest/index.aspx?x=1#y", "/1.1/authtest/index.aspx"),
        ("/servlet/SessionExample", "/servlet/SessionExample"),
        ("/oauth2/callback", "/oauth2/callback"),
    ],
)
def test_values_in_paths_become_placeholders(path: str, template: str) -> None:
    assert path_template(path) == template


@given(st.uuids(), st.binary(min_size=16, max_size=40), st.integers(0, 10**12))
def test_no_uuid_token_or_number_stays_in_a_path(uuid: object, token: bytes, number: int) -> None:
    assert path_template(f"/a/{uuid}/b/{token.hex()}/{number}") == "/a/{id}/b/{id}/{id}"


@given(st.text())
def test_any_path_has_a_template_and_that_is_its_own(path: str) -> None:
    once = path_template(path)
    assert "?" not in once
    assert path_template(once.replace("{id}", "1")) == once


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://EXAMPLE.com", "http://example.com/"),
        ("https://u:p@h.de:8443/x?y#z", "https://h.de:8443/x?y"),
        ('http://ex.com/a b?q=ü"', "http://ex.com/a%20b?q=%C3%BC%22"),
        ("http://ex.com/%7Bid%7D?a=%20+&b", "http://ex.com/%7Bid%7D?a=%20+&b"),
        ("http://münchen.de/", "http://xn--mnchen-3ya.de/"),
        ("http://[::1]:8080/a?", "http://[::1]:8080/a?"),
    ],
)
def test_urls_are_as_on_the_wire(url: str, expected: str) -> None:
    assert wire_url(url) == expected


@given(st.text())
def test_any_text_is_a_url_or_refused(url: str) -> None:
    try:
        found = wire_url("http://" + url)
    except ValueError:
        return
    assert found.isascii()
    assert wire_url(found) == found
    assert host_port(found)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.shop.example.com", "example.com"),
        ("a.b.co.uk", "b.co.uk"),
        ("x.github.io", "x.github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_sites_are_registrable_domains(host: str, expected: str) -> None:
    assert site(host) == expected


def test_local_hosts_are_known() -> None:
    assert all(is_local(host) for host in ("localhost", "127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "intranet", "app.local"))
    assert not any(is_local(host) for host in ("example.com", "8.8.8.8", "localhost.example.com"))
