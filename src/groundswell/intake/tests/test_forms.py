"""Sending a form or JSON: stored once, answered honestly, wrong ones shown again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from groundswell.base.wire import (
    MARK_CROSS_SITE,
    MARK_HONEYPOT,
    MARK_QUICK,
    MARK_SLOW_LANE,
    Submission,
)
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PAGE, PATH, Intake, api_body

Last = Callable[[str], Submission]


@pytest.fixture
def last(door: Intake) -> Last:
    """The one submission with an e-mail address."""

    def find(email: str) -> Submission:
        (found,) = [one for one in door.stored() if one.fields.get("email") == email]
        return found

    return find


def good(email: str, **more: str) -> dict[str, str]:
    return {**GOOD, "email": email, **more}


def test_it_stores_a_form_and_leads_to_the_thanks(door: Intake, last: Last) -> None:
    answer = door.form(
        good("a@example.org", consent_news="v1", comment="One\r\ntwo", country="gb"),
        f"{PATH}?s=mastodon&utm_source=x",
    )
    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}thanks/")
    assert answer.headers["cache-control"] == "no-store"
    stored = last("a@example.org")
    assert (stored.page, stored.lang, stored.verb, stored.key) == (PAGE, "en", "sign", b"")
    assert stored.fields["comment"] == "One\ntwo"
    assert stored.fields["country"] == "GB"
    assert (stored.source, stored.consents, stored.marks) == ("mastodon", {"news": "v1"}, 0)


def test_it_stores_json(door: Intake, last: Last) -> None:
    answer = door.api(api_body(good("b@example.org"), consents={"news": "v2"}, source="qr"))
    stored = last("b@example.org")
    assert answer.status == 202
    assert answer.json == {"id": stored.id.hex(), "status": "stored", "next": f"{PATH}thanks/"}
    assert (stored.source, stored.consents, len(stored.key)) == ("qr", {"news": "v2"}, 16)


def test_it_speaks_json_to_the_pages_script(door: Intake) -> None:
    answer = door.form(good("c@example.org", key="k" * 32), accept="application/json")
    assert (answer.status, answer.json["status"]) == (202, "stored")
    wrong = door.form({"given_name": "x" * 201}, accept="application/json")
    assert wrong.status == 422
    assert wrong.json["error"]["fields"] == [
        {"field": "given_name", "code": "too_long", "message": "At most 200 characters."},
        {"field": "email", "code": "required", "message": "Please fill this in."},
    ]


def test_it_shows_a_wrong_form_again_with_what_was_typed(door: Intake) -> None:
    answer = door.form(
        {
            "given_name": '"><img onerror=x>',
            "comment": "{{7*7}}",
            "email": "a@b",
            "q_colour": "blue",
        }
    )
    assert answer.status == 422
    assert 'value="&quot;&gt;&lt;img onerror=x&gt;"' in answer.text
    assert "<textarea name=comment>{{7*7}}</textarea>" in answer.text
    assert 'value="a@b" aria-invalid="true"' in answer.text
    assert '<p class="error">That is not an e-mail address.</p>' in answer.text
    assert '<li><a href="#f-email">That is not an e-mail address.</a></li>' in answer.text
    assert "<h2>Please look again</h2>" in answer.text
    assert "value=blue selected" in answer.text
    assert "value=red selected" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "\x02" not in answer.text


def test_it_gives_the_same_answer_to_the_same_key(door: Intake) -> None:
    body = api_body(good("d@example.org"))
    first, second = door.api(body), door.api(body)
    assert (second.status, second.body) == (first.status, first.body)
    assert sum(one.id.hex() == first.json["id"] for one in door.stored()) == 1


def test_it_refuses_another_body_under_the_same_key(door: Intake) -> None:
    body = api_body(good("e@example.org"))
    assert door.api(body).status == 202
    other = door.api({**body, "fields": good("f@example.org")})
    assert (other.status, other.json["error"]["code"]) == (409, "key_reused")
    assert not [one for one in door.stored() if one.fields.get("email") == "f@example.org"]


def test_it_gives_one_answer_to_a_key_sent_many_times_at_once(door: Intake) -> None:
    body = api_body(good("g@example.org"))
    answers: list[site.Answer] = []
    for thread in site.in_threads(12, lambda _: answers.append(door.api(body))):
        thread.join()
    assert {(one.status, one.body) for one in answers} == {(202, answers[0].body)}
    assert sum(one.fields.get("email") == "g@example.org" for one in door.stored()) == 1


def test_it_remembers_keys_after_a_restart(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    body = api_body()
    with site.intake(tmp_path) as first:
        answer = first.api(body)
        first.kill()
    with site.intake(tmp_path) as second:
        assert second.api(body).body == answer.body
        assert second.api({**body, "fields": good("x@example.org")}).status == 409
        assert len(second.stored()) == 1


def test_it_counts_a_double_click_without_a_script_once(door: Intake, last: Last) -> None:
    for _ in range(2):
        assert door.form(good("h@example.org")).status == 303
    assert last("h@example.org").key == b""


def test_it_keeps_whatever_a_link_in_a_mail_asks_for(door: Intake) -> None:
    """Somebody may sign again between two withdrawals: both are promises."""
    before = len(door.stored())
    for _ in range(2):
        assert door.form({"t": "abc"}, path=f"{PATH}confirm/").status == 303
    assert len(door.stored()) == before + 2


@pytest.mark.parametrize(
    ("form", "headers", "marks"),
    [
        ({"website": "http://spam.example"}, {}, MARK_HONEYPOT),
        ({"shown": "300"}, {}, MARK_QUICK),
        ({"shown": "259200000"}, {}, 0),
        ({"shown": "soon"}, {}, 0),
        ({}, {"origin": "https://evil.example"}, MARK_CROSS_SITE),
        ({}, {"sec_fetch_site": "cross-site"}, MARK_CROSS_SITE),
        ({}, {"sec_fetch_site": "same-origin", "origin": "null"}, 0),
        ({"website": "x", "shown": "1"}, {}, MARK_HONEYPOT | MARK_QUICK),
    ],
)
def test_it_marks_without_changing_the_answer(
    door: Intake, last: Last, form: dict[str, str], headers: dict[str, str], marks: int
) -> None:
    name = f"m{uuid4().hex}@example.org"
    answer = door.form(good(name, **form), **headers)
    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}thanks/")
    assert last(name).marks == marks


@pytest.mark.parametrize(
    ("consent", "given"), [("v1", {"news": "v1"}), ("v9", {}), ("on", {}), ("", {})]
)
def test_it_takes_consent_only_to_a_text_that_was_shown(
    door: Intake, last: Last, consent: str, given: dict[str, str]
) -> None:
    email = f"consent{consent}@example.org"
    assert door.form(good(email, consent_news=consent)).status == 303
    assert last(email).consents == given


def test_it_takes_on_and_off_as_no_consent(door: Intake, last: Last) -> None:
    body = "given_name=A&email=onoff%40example.org&consent_news=v1&consent_news=off"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert door.request("POST", PATH, body.encode(), headers).status == 303
    assert last("onoff@example.org").consents == {}


def test_it_asks_for_a_consent_that_is_required(door: Intake) -> None:
    for consents in ({}, {"terms": "v9"}):
        answer = door.api(api_body(page="e" * 32, consents=consents))
        assert answer.status == 422
        assert answer.json["error"]["fields"][0]["code"] == "consent_required"
    assert door.api(api_body(page="e" * 32, consents={"terms": "v1"})).status == 202


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"page": "c" * 32}, 410, "closed"),
        ({"page": "d" * 32, "lang": "ar"}, 403, "not_open_yet"),
        ({"page": "f" * 32}, 404, "not_found"),
        ({"lang": "xx"}, 404, "not_found"),
        ({"verb": "count"}, 404, "not_found"),
    ],
)
def test_it_refuses_what_is_not_open(
    door: Intake, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = door.api(api_body(**changes))
    assert (answer.status, answer.json["error"]["code"]) == (status, code)


def test_it_says_closed_on_a_page(door: Intake) -> None:
    assert (door.form(GOOD, "/en/closed/").status, door.form(GOOD, "/en/none/").status) == (
        410,
        404,
    )


@pytest.mark.parametrize("token", ["abc_DEF-123", "x" * 43, "<script>", "é" * 30, "a" * 5000])
def test_it_shows_one_page_whatever_the_token(door: Intake, token: str) -> None:
    answer = door.form({"t": token}, f"{PATH}confirm/")
    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}confirmed/")


def test_it_takes_the_token_from_the_address(door: Intake) -> None:
    assert door.form({}, f"{PATH}confirm/?t=from-the-address").status == 303
    stored = [one for one in door.stored() if one.verb == "confirm"]
    assert stored[-1].fields == {"t": "from-the-address"}
    assert door.form({}, f"{PATH}confirm/").status == 422
    assert door.form({}, f"{PATH}confirm/?t=a&t=b").status == 400


def test_it_confirms_nothing_by_get(door: Intake) -> None:
    before = len(door.stored())
    for _ in range(5):
        assert door.get(f"{PATH}confirm/?t=from-the-address").status == 200
    assert len(door.stored()) == before


def test_it_slows_a_network_down_then_asks_it_to_wait(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    settings: dict[str, Any] = {"rate_exempt": "", "rate_burst": 6, "rate_per_second": 0.01}
    with site.intake(tmp_path, **settings) as door:
        answers = [door.api(api_body(good(f"n{n}@example.org"))) for n in range(10)]
        shut = door.form(good("late@example.org"))
        stored = door.stored()
        assert door.get(PATH).status == 200
    assert [one.status for one in answers] == [202] * 8 + [429] * 2
    assert answers[-1].json["error"]["retry_after"] == int(answers[-1].headers["retry-after"]) > 0
    assert [one.marks for one in stored] == [0] * 6 + [MARK_SLOW_LANE] * 2
    assert shut.status == 429
    assert "Please wait a moment." in shut.text
    assert 'value="late@example.org"' in shut.text


def test_it_believes_forwarded_addresses_only_from_a_listed_proxy(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    settings: dict[str, Any] = {"rate_exempt": "", "rate_burst": 1, "rate_per_second": 0.01}

    def statuses(door: Intake) -> list[int]:
        hops = [f"6.6.6.6, 198.51.{net}.7" for net in range(3)]
        return [
            door.api(api_body(good(f"p{net}@example.org")), x_forwarded_for=hop).status
            for net, hop in enumerate(hops)
        ]

    with site.intake(tmp_path, **settings) as door:
        assert statuses(door) == [202, 429, 429]
    with site.intake(tmp_path, **settings, trusted_proxies="127.0.0.1/32") as door:
        assert statuses(door) == [202, 202, 202]
