"""A supporter asks to be rung, is rung once, is connected, and leaves no number behind."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell.base import clock, env
from groundswell.campaigns import counters, ringing
from groundswell.campaigns.models import ConsentText
from groundswell.delivery import bridges
from groundswell.delivery.models_bridge import Bridge, BridgeStep, Ring
from groundswell.intake.journal_reader import JournalReader
from groundswell.people import calls, drain, recount, rings
from groundswell.people.models import CallReport, Participation, Quarantine
from groundswell.people.tests import ringing as story
from tests.support import twilio
from tests.support.twilio import Phone, Twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twilio]:
    with twilio.running() as running:
        story.settings(monkeypatch, twilio_url=running.url)
        yield running


def words(row: Bridge) -> list[str]:
    return [step.words for step in row.steps.order_by("pk") if step.words]


def states(row: Bridge) -> list[str]:
    return [step.state for step in row.steps.order_by("pk")]


def test_it_rings_connects_and_counts(exchange: Twilio, tmp_path: Path) -> None:
    page = story.page()
    story.arrive(tmp_path, story.wish(page))
    assert story.dial() == 1
    call = exchange.calls[0]
    assert call["To"] == story.ADA
    assert call["Url"].startswith(f"{story.PUBLIC}/voice/")
    with story.voice() as voice:
        phone = Phone(call, voice).answers(keys=["", "1"], ends=["completed", "busy"])
        # Twilio asks again when our answer is lost on its way.
        for url, form in phone.asked:
            twilio.post(voice, url, form)
    assert [one["number"] for one in phone.dialled] == ["+442079460958", "+442079460001"]
    assert phone.dialled[0]["callerId"] == twilio.NUMBER
    assert "Ring the mayor" in phone.said[0]
    journal = JournalReader(env.load().path("journal"))
    drain.drain(journal)
    row = Bridge.objects.get()
    assert row.state == Ring.DONE
    assert bytes(row.sealed) == b""
    assert states(row) == ["queued", "dialling", "ringing", "completed", "busy", "completed"]
    sums = calls.tallies(page_keys=[page.page_key])
    assert sums == {story.MAYOR: {"connected": 1}, story.HARBOUR: {"bridge_busy": 1}}
    assert CallReport.objects.count() == 2
    # What we have connected is told apart from what callers tell, and adds nothing to that.
    assert counters.totals(page_key=page.page_key).collected == 0
    assert recount.recount(page_key=page.page_key) == []
    assert not Participation.objects.exists()
    assert not Quarantine.objects.exists()


def test_it_hears_no_forged_call(exchange: Twilio, tmp_path: Path) -> None:
    story.arrive(tmp_path, story.wish(story.page()))
    story.dial()
    call = exchange.calls[0]
    form = {"DialCallStatus": "completed", "DialCallDuration": "60"}
    url = call["Url"].replace("/start/0", "/next/0")
    with story.voice() as voice:
        assert twilio.post(voice, url, form, "bm90IHR3aWxpbydzIHNpZ25hdHVyZQ==")[0] == 403
        assert twilio.post(voice, url, form, "")[0] == 403
        bent = url.replace("/voice/", "/voice/A")
        assert twilio.post(voice, bent, form)[0] == 403
    drain.drain(JournalReader(env.load().path("journal")))
    assert not CallReport.objects.exists()
    assert states(Bridge.objects.get()) == ["queued", "dialling", "ringing"]


def test_it_keeps_the_number_sealed_and_not_for_long(exchange: Twilio, tmp_path: Path) -> None:
    (row,) = story.arrive(tmp_path, story.wish(story.page()))
    digits = story.ADA[3:].encode()
    assert bytes(row.sealed)
    assert digits not in bytes(row.sealed)
    story.dial()
    row.refresh_from_db()
    assert bytes(row.sealed) == b""
    assert row.number_index
    Bridge.objects.update(state=Ring.DONE)
    bridges.forget(now=clock.now() + timedelta(days=1, hours=1))
    assert Bridge.objects.get().number_index is None
    bridges.forget(now=clock.now() + timedelta(days=91))
    assert not Bridge.objects.exists()
    assert not BridgeStep.objects.exists()


def test_it_records_the_consent(exchange: Twilio, tmp_path: Path) -> None:
    page = story.page()
    (row,) = story.arrive(tmp_path, story.wish(page))
    text = ConsentText.objects.get(page_key=page.page_key, purpose=row.purpose, version=row.version)
    assert text.text == ringing.consent("en")
    (_, without) = story.arrive(tmp_path, story.wish(page, "+442079460222", consents={}))
    assert without.state == Ring.REFUSED
    assert bytes(without.sealed) == b""
    story.dial()
    assert len(exchange.calls) == 1


@pytest.mark.parametrize(
    "phone", ["+4915112345678", "+449098790000", "+441632", "+447700900123", "000000"]
)
def test_it_rings_no_number_it_may_not(exchange: Twilio, tmp_path: Path, phone: str) -> None:
    (row,) = story.arrive(tmp_path, story.wish(story.page(), phone))
    assert row.state == Ring.REFUSED
    assert (bytes(row.sealed), row.number_index) == (b"", None)
    story.dial()
    assert not exchange.calls


def test_it_takes_a_number_as_it_is_written_at_home(exchange: Twilio, tmp_path: Path) -> None:
    assert rings.number_of("02079460111", home="gb") == (story.ADA, "GB")
    assert rings.number_of("02079460111") == ("", "")
    (row,) = story.arrive(tmp_path, story.wish(story.page(), "00442079460111".replace("00", "+")))
    assert row.country == "GB"


def test_it_rings_a_telephone_one_at_a_time_and_twice_a_day(
    exchange: Twilio, tmp_path: Path
) -> None:
    page = story.page()
    first, second = story.arrive(tmp_path, story.wish(page), story.wish(page))
    assert [first.state, second.state] == [Ring.QUEUED, Ring.CAPPED]
    for _ in range(3):
        story.dial()
        Bridge.objects.filter(state=Ring.RINGING).update(state=Ring.DONE)
        rows = story.arrive(tmp_path, story.wish(page))
    assert [row.state for row in rows] == ["done", "capped", "done", "capped", "capped"]
    assert words(rows[-1]) == ["this telephone was rung often enough today"]
    assert len(exchange.calls) == 2
    (*_, other) = story.arrive(tmp_path, story.wish(page, "+442079460222"))
    assert other.state == Ring.QUEUED


def test_it_keeps_to_what_a_campaign_may_spend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story.settings(monkeypatch, twilio_calls_per_campaign_a_day=2)
    page = story.page()
    wishes = [story.wish(page, f"+4420794602{number:02}") for number in range(4)]
    rows = story.arrive(tmp_path, *wishes)
    assert [row.state for row in rows] == ["queued", "queued", "capped", "capped"]


def test_it_takes_one_wish_once(exchange: Twilio, tmp_path: Path) -> None:
    once = story.wish(story.page())
    assert len(story.arrive(tmp_path, once, once)) == 1
    assert len(story.arrive(tmp_path, once)) == 1


def test_it_rings_only_where_the_page_offers_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = story.page()
    (row,) = story.arrive(tmp_path, story.wish(page))
    assert words(row) == ["the page does not offer it"]  # there is no account
    story.settings(monkeypatch)
    page.offer_ring = False
    page.save()
    (_, row) = story.arrive(tmp_path, story.wish(page))
    assert words(row) == ["the page does not offer it"]


def test_it_rings_nobody_who_has_waited_too_long(exchange: Twilio, tmp_path: Path) -> None:
    page = story.page()
    long_ago = clock.to_ms(clock.now() - timedelta(minutes=16))
    (late,) = story.arrive(tmp_path, story.wish(page, at=long_ago))
    assert late.state == Ring.EXPIRED
    (_, row) = story.arrive(tmp_path, story.wish(page))
    Bridge.objects.filter(pk=row.pk).update(expires_at=clock.now())
    story.dial()
    row.refresh_from_db()
    assert row.state == Ring.EXPIRED
    assert bytes(row.sealed) == b""
    assert not exchange.calls


@pytest.mark.parametrize(
    ("answer", "state", "rung"),
    [(201, Ring.RINGING, 1), (429, Ring.QUEUED, 0), (503, Ring.QUEUED, 0), (400, Ring.FAILED, 0),
     (500, Ring.UNKNOWN, 1), ("cut", Ring.UNKNOWN, 1)],
)  # fmt: skip
def test_it_dials_again_only_what_was_surely_not_dialled(
    exchange: Twilio, tmp_path: Path, answer: int | str, state: Ring, rung: int
) -> None:
    exchange.answers = [answer]
    (row,) = story.arrive(tmp_path, story.wish(story.page()))
    story.dial()
    row.refresh_from_db()
    assert row.state == state
    assert bool(bytes(row.sealed)) == (state == Ring.QUEUED)
    Bridge.objects.update(due_at=clock.now())
    story.dial()
    assert len(exchange.calls) == (rung or int(state == Ring.QUEUED))
    assert story.ADA not in " ".join(words(row))


def test_it_waits_for_a_twilio_that_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story.settings(monkeypatch, twilio_url="http://127.0.0.1:9")
    (row,) = story.arrive(tmp_path, story.wish(story.page()))
    story.dial()
    row.refresh_from_db()
    assert row.state == Ring.QUEUED
    assert row.due_at > clock.now()


def crash_after_asking(exchange: Twilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bridge:
    """core dies when Twilio has the call and nothing is written down yet; another core starts."""
    (row,) = story.arrive(tmp_path, story.wish(story.page()))

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bridges, "settle", dies)
        with pytest.raises(KeyboardInterrupt):
            story.dial()
    Bridge.objects.update(claimed_at=clock.now() - bridges.CLAIM_LASTS)
    story.dial()
    row.refresh_from_db()
    return row


def test_it_never_rings_twice_after_a_crash(
    exchange: Twilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = crash_after_asking(exchange, tmp_path, monkeypatch)
    assert row.state == Ring.UNKNOWN
    assert words(row) == [bridges.STOPPED]
    assert bytes(row.sealed) == b""
    assert len(exchange.calls) == 1


def test_it_would_ring_twice_if_it_took_a_broken_call_up_again(
    exchange: Twilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(**_: object) -> int:
        stale = Bridge.objects.filter(state=Ring.DIALLING)
        return stale.update(state=Ring.QUEUED, claim=None)

    monkeypatch.setattr(bridges, "give_up", again)
    crash_after_asking(exchange, tmp_path, monkeypatch)
    assert len(exchange.calls) == 2


def test_it_believes_a_call_that_it_had_given_up(
    exchange: Twilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = crash_after_asking(exchange, tmp_path, monkeypatch)
    with story.voice() as voice:
        Phone(exchange.calls[0], voice).answers(keys=["1"], ends=["completed", "no-answer"])
    drain.drain(JournalReader(env.load().path("journal")))
    row.refresh_from_db()
    assert row.state == Ring.DONE
    assert CallReport.objects.count() == 2
