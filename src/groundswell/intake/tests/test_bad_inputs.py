"""The catalogue of bad inputs, as far as it meets the public door: one row, one required answer."""

import json
import socket
import time
from typing import Any

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, Intake, api_body

FORM = "application/x-www-form-urlencoded"
POST = f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM}\r\n".encode()
API = b"POST /api/v1/submissions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.fixture
def unchanged(door: Intake) -> Any:
    """Nothing may have been stored by the end of the test."""
    before = len(door.stored())
    yield
    assert len(door.stored()) == before


# Rows 1 to 8: the shape of a request.


def test_it_closes_on_slow_headers_while_others_are_served(door: Intake) -> None:
    """Row 1."""
    with socket.create_connection(("127.0.0.1", door.port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost")
        started = time.monotonic()
        assert door.get(PATH).status == 200
        slow.settimeout(14)
        # Granian closes with or without a word.
        assert status_of(site.read_all(slow)) in {0, 408}
        assert 8 < time.monotonic() - started < 13


def test_it_gives_up_on_a_slow_body(door: Intake, unchanged: None) -> None:
    """Row 2."""
    started = time.monotonic()
    answer = door.raw(POST + b"Content-Length: 100\r\n\r\ngiven_name=A", wait=20)
    assert status_of(answer) == 408
    assert 14 < time.monotonic() - started < 18


def test_it_refuses_a_large_body_before_reading_it(door: Intake, unchanged: None) -> None:
    """Row 3."""
    started = time.monotonic()
    answer = door.raw(POST + b"Content-Length: 10000000\r\n\r\n")
    assert status_of(answer) == 413
    assert time.monotonic() - started < 2


def test_it_stops_reading_an_endless_body(door: Intake, unchanged: None) -> None:
    """Row 4."""
    chunk = b"1000\r\n" + b"a" * 4096 + b"\r\n"
    answer = door.raw(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 40)
    assert status_of(answer) == 413


def test_it_takes_a_chunked_body_within_the_limit(door: Intake) -> None:
    body = b"given_name=Chunk&email=chunk%40example.org"
    parts = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    answer = door.raw(POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + parts)
    assert status_of(answer) == 303


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 3\r\nContent-Length: 4\r\n", 400),  # row 6
        (b"X: a\r\n b\r\n", 400),  # row 6, a folded header
        (b"X : a\r\n", 400),  # row 6, space before the colon
        (b"X: " + b"x" * 20_480 + b"\r\n", 431),  # row 8
        (b"".join(b"X%d: a\r\n" % number for number in range(200)), 431),  # row 8
    ],
)
def test_it_refuses_a_malformed_head(door: Intake, head: bytes, status: int) -> None:
    """Rows 6 and 8."""
    assert status_of(door.raw(POST + head + b"\r\n")) == status


def test_it_lets_no_second_request_hide_in_a_body(door: Intake, unchanged: None) -> None:
    """Row 5. An edge in front answers 400; alone, hyper reads by chunks and closes after."""
    hidden = b"GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"
    head = POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = door.raw(head + b"0\r\n\r\n" + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer.lower()


def test_it_never_inflates_a_body(door: Intake, unchanged: None) -> None:
    """Row 7."""
    assert door.form(GOOD, content_encoding="gzip").status == 415
    assert door.api(api_body(), content_encoding="br").status == 415
    twice = b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"
    assert status_of(door.raw(POST + twice)) == 415


def test_it_wants_to_know_whom_a_request_is_for(door: Intake) -> None:
    """Row 10. Health checks still speak HTTP/1.0, which has no Host."""
    assert status_of(door.raw(b"GET / HTTP/1.1\r\n\r\n")) == 400
    assert status_of(door.raw(b"GET /healthz HTTP/1.0\r\n\r\n")) == 200


# Rows 10 to 16: addresses, hosts, methods, types.


@pytest.mark.parametrize("host", ["evil.example", "act.example.org.evil.example", ""])
def test_it_answers_only_for_its_own_name_in_production(
    tmp_path_factory: pytest.TempPathFactory, host: str
) -> None:
    """Row 10."""
    folder = site.make_folder(tmp_path_factory.mktemp("host"))
    settings: dict[str, Any] = {"production": True, "public_url": "https://act.example.org"}
    with site.intake(folder, **settings) as door:
        assert door.get(PATH, host=host).status == 421
        assert door.api(api_body(), host=host).json["error"]["code"] == "bad_request"
        assert door.get("/healthz", host=host).status == 200
        assert door.get(PATH, host="act.example.org").status == 200


def test_it_refuses_an_absolute_address(door: Intake) -> None:
    """Row 10."""
    answer = door.raw(f"GET http://evil.example{PATH} HTTP/1.1\r\nHost: h\r\n\r\n".encode(), wait=1)
    assert status_of(answer) == 421


def test_it_ignores_headers_that_would_change_a_page(door: Intake) -> None:
    """Row 12."""
    plain = door.get(PATH)
    tricked = door.get(
        PATH,
        x_forwarded_host="evil.example",
        x_original_url="/en/",
        x_http_method_override="DELETE",
        cookie="a=b",
    )
    assert (tricked.status, tricked.body) == (200, plain.body)


@pytest.mark.parametrize(
    "query", ["?x=1", "?x=1&x=2", "?a;b", "?s=a&s=b", "?%00", "?" + "a" * 4000]
)
def test_it_ignores_the_query_of_a_page(door: Intake, query: str) -> None:
    """Row 13."""
    assert door.get(PATH + query).body == door.get(PATH).body


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd",
        "/../../keys/core/seal.json",
        "/%c0%ae%c0%ae/",
        "/en/%00",
        "/" + "a" * 5000,
        "//evil.example/",
        "/en//",
        "/en/./",
        "/index.html/",
        "/en/index.html.br",
        "/../specs/",
    ],
)
def test_it_looks_up_only_published_paths(door: Intake, path: str) -> None:
    """Row 14."""
    answer = door.raw(f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
    assert status_of(answer) in {400, 404}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "FOO", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_it_knows_three_methods(door: Intake, method: str) -> None:
    """Row 15."""
    head = f"{method} {PATH} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    target = head.replace(PATH, "h:80") if method == "CONNECT" else head
    answer = door.raw(target.encode(), wait=2)
    assert status_of(answer) == (421 if method == "CONNECT" else 405)


def test_it_says_which_methods_work(door: Intake) -> None:
    """Row 15."""
    assert door.request("PUT", PATH).headers["allow"] == "GET, HEAD, POST"
    assert door.request("POST", "/en/").headers["allow"] == "GET, HEAD"
    assert door.get("/api/v1/submissions").headers["allow"] == "POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "",
        "application/jsonp",
        "multipart/form-data; boundary=x",
        f"{FORM}; charset=x",
    ],
)
def test_it_takes_only_what_it_says(door: Intake, content_type: str, unchanged: None) -> None:
    """Row 16."""
    assert door.api(api_body(), content_type=content_type).status == 415
    assert door.form(GOOD, content_type=content_type).status == 415


# Rows 17 to 19: bodies that are not what they say.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"page": NaN}',
        b'{"page": 1e999}',
        b'{"shown": 1' + b"0" * 60_000 + b"}",
        b"[" * 10_000,
        b'{"fields":' * 6_000,
        b'{"page":"x","page":"y"}',
        b'\xff\xfe{\x00"\x00',
        b'{"page":"\xc3\x28"}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        json.dumps(api_body()).encode()[:-1] + b',"surprise":1}',
    ],
)
def test_it_refuses_what_is_no_submission(door: Intake, body: bytes, unchanged: None) -> None:
    """Rows 17 to 19. Parsing takes at most 5 ms; the rest of this second is a busy machine's."""
    started = time.monotonic()
    assert door.api(body).status == 400
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ('{"email":"a@example.org","email":"b@example.org"}', "bad_request"),
        ('{"given_name":"\\ud800"}', "bad_encoding"),
    ],
)
def test_it_refuses_odd_fields_in_json(
    door: Intake, inner: str, code: str, unchanged: None
) -> None:
    """Rows 18 and 19."""
    body = json.dumps(api_body()).replace(json.dumps(GOOD), inner)
    answer = door.api(body.encode())
    assert (answer.status, answer.json["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    "body",
    [
        b"email=a%40example.org&email=b%40example.org",
        b"given_name=%ff",
        b"given_name=\xff",
        b"given_name=%ed%a0%80",
        b"&".join(b"a%d=1" % number for number in range(300)),
    ],
)
def test_it_refuses_odd_forms(door: Intake, body: bytes, unchanged: None) -> None:
    """Rows 18 and 19."""
    assert door.request("POST", PATH, body, {"content-type": FORM}).status == 400


# Rows 21 to 36 and 46: what people, and others, type.


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("given_name", "", "required"),  # row 21
        ("given_name", "x" * 10_000, "too_long"),  # row 22
        ("given_name", " \u200b\u2060\u00a0\ufeff", "required"),  # row 22
        ("given_name", '=HYPERLINK("x")', "not_a_name"),  # row 23
        ("given_name", "+1", "not_a_name"),
        ("given_name", "-x", "not_a_name"),
        ("given_name", "@SUM(A1)", "not_a_name"),
        ("given_name", "\tx", "not_a_name"),
        ("given_name", "\u202e=x", "not_a_name"),
        ("given_name", "see http://spam.example", "not_a_name"),  # row 24
        ("given_name", "www.spam.example", "not_a_name"),
        ("given_name", "visit spam.com now", "not_a_name"),
        ("given_name", "evil．com", "not_a_name"),
        ("given_name", "evil。com", "not_a_name"),
        ("given_name", "javascript:alert(1)", "not_a_name"),
        ("given_name", "mailto:a.b", "not_a_name"),
        ("given_name", "\u3164\uffa0\u115f\u1160", "not_a_name"),  # invisible
        ("given_name", "Bcc: x\r\ny", "line_break"),  # row 27
        ("given_name", "A\u2028B", "line_break"),
        ("given_name", "A\nB", "line_break"),
        ("given_name", "A\x00B", "control_character"),  # row 32
        ("given_name", "A\x1bB", "control_character"),
        ("comment", "A\x00B", "control_character"),
        ("comment", "x" * 1001, "too_long"),
        ("q_why", "one\ntwo", "line_break"),
        ("email", "a@b", "email_syntax"),  # row 28
        ("email", '"a b"@example.org', "email_syntax"),
        ("email", "a@[127.0.0.1]", "email_syntax"),
        ("email", "x" * 300 + "@example.org", "email_syntax"),
        ("email", "x" * 65 + "@example.org", "email_syntax"),
        ("email", "a@" + "x." * 130 + "org", "email_syntax"),
        ("email", "a..b@example.org", "email_syntax"),
        ("email", ".a@example.org", "email_syntax"),
        ("email", "a@-example.org", "email_syntax"),
        ("email", "a@example.org.", "email_syntax"),
        ("email", "a@127.0.0.1", "email_syntax"),
        ("email", "a@b@example.org", "email_syntax"),
        ("email", "a@example.org\nbcc:x@y.org", "email_syntax"),
        ("email", "", "required"),
        ("country", "ZZ", "unknown_country"),
        ("country", "England", "unknown_country"),
        ("postcode", "!!", "postcode_syntax"),  # row 36
        ("phone", "call me", "phone_syntax"),
        ("q_colour", "green", "unknown_choice"),
        ("q_adult", "maybe", "unknown_choice"),
        ("is_admin", "1", "unknown_field"),  # row 46
    ],
)
def test_it_names_the_field_that_is_wrong(
    door: Intake, field: str, value: str, code: str, unchanged: None
) -> None:
    fields = {**GOOD, field: value}
    answer = door.api(api_body(fields))
    assert answer.status == 422
    assert [(w["field"], w["code"]) for w in answer.json["error"]["fields"]] == [(field, code)]
    assert door.form(fields).status == 422


@pytest.mark.parametrize("value", [1, None, True, ["a"], {"a": "b"}])
def test_it_takes_text_only(door: Intake, value: object, unchanged: None) -> None:
    answer = door.api(api_body({**GOOD, "comment": value}))
    assert answer.status == 422
    assert answer.json["error"]["fields"][0]["code"] == "not_text"


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("comment", '=HYPERLINK("x")', '=HYPERLINK("x")'),  # row 23
        ("comment", '<script>alert(1)</script>"><img onerror=x>', None),  # row 25
        ("comment", "{{7*7}} {% debug %} ${jndi:ldap://x} %s%n", None),  # row 26
        ("email", "x@xn--80ak6aa92e.com", None),  # row 29
        ("email", "Jürgen".replace("ü", "u") + "@bücher.example", "Jurgen@xn--bcher-kva.example"),
        ("email", "a+tag@EXAMPLE.org", "a+tag@example.org"),
        ("given_name", "abc\u202ed\u2066e", "abcde"),  # row 33
        ("given_name", "نیمه\u200cجان", None),
        ("comment", "👩\u200d👩\u200d👧 क्\u200dष", None),
        ("given_name", "e\u0301", "é"),  # row 34
        ("given_name", "Z" + "\u0335" * 200, "Z" + "\u0335" * 4),
        ("given_name", "𠮷野", None),
        ("given_name", "ب", None),  # row 35
        ("given_name", "O'Brien-Smith Jr. III", None),
        ("given_name", "J.R.R. Tolkien", None),
        ("given_name", "X Æ A-12", None),
        ("given_name", "M" * 60, None),
        ("given_name", "  Anna   Maria ", "Anna Maria"),
        ("postcode", "١٢٣٤٥", "12345"),  # row 36
        ("postcode", "sw1a\u00a01aa", "SW1A 1AA"),
        ("phone", "+٤٤ (0)20\u00a07946–0000".replace("(0)", ""), "+442079460000"),
        ("phone", "0044 20 7946 0000", "+442079460000"),
        ("q_adult", "on", "yes"),
    ],
)
def test_it_keeps_what_people_really_write(
    door: Intake, field: str, value: str, kept: str | None
) -> None:
    answer = door.api(api_body({**GOOD, field: value}))
    assert answer.status == 202, answer.text
    (stored,) = [one for one in door.stored() if one.id.hex() == answer.json["id"]]
    assert stored.fields[field] == (value if kept is None else kept)


def test_it_counts_length_by_what_people_see(door: Intake) -> None:
    """Row 34."""
    family = "👨\u200d👩\u200d👧\u200d👦"
    assert door.api(api_body({**GOOD, "q_why": family * 80})).status == 202
    assert door.api(api_body({**GOOD, "q_why": family * 81})).status == 422


def test_it_cannot_be_led_elsewhere(door: Intake) -> None:
    """Row 51."""
    for bad in ("//evil.example", "/\\evil", "javascript:alert(1)"):
        answer = door.form({**GOOD, "email": "next@example.org"}, f"{PATH}?next={bad}")
        assert answer.headers["location"] == f"{PATH}thanks/"


def test_it_never_answered_5xx(door: Intake) -> None:
    """Runs last in this file: whatever the tests above sent, nothing was our fault."""
    counts = [line for line in door.metrics().splitlines() if "requests_total{" in line]
    assert counts
    assert not [line for line in counts if 'status="5' in line]
    assert "CRITICAL" not in door.log.read_text()
