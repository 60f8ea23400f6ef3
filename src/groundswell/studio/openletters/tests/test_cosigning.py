"""From the journal to the public page and away again; and what visitors report on the way."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from groundswell.base import clock, env, wire
from groundswell.campaigns import counters, services, signatories
from groundswell.campaigns.models import Cosignature, OpenLetterPage
from groundswell.people import cosign, drain, flags
from groundswell.people.models import Flag, Participation
from groundswell.people.tests.journal import click, sign, write
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.openletters.tests import letters

pytestmark = pytest.mark.django_db
Drained = Callable[..., None]
NAMED = {"display": "v1", "text": "1"}


@pytest.fixture
def letter() -> OpenLetterPage:
    return letters.make()


@pytest.fixture
def arrive(tmp_path: Path) -> Drained:
    def drained(*submissions: wire.Submission) -> None:
        drain.drain(write(tmp_path, list(submissions)))

    return drained


def signature(letter: OpenLetterPage, number: int = 1, **changes: object) -> wire.Submission:
    values: dict[str, object] = {
        "page": letter.page_key.hex,
        "kind": "open_letter",
        "consents": NAMED,
        "fields": {"family_name": f"Weir{number}", "role": "Baker", "affiliation": "Guild"},
    }
    return sign(f"ada{number}@example.org", **{**values, **changes})


def report(letter: OpenLetterPage, number: int, note: str = "", **fields: str) -> wire.Submission:
    return wire.Submission(
        id=clock.now_ms().to_bytes(8) + number.to_bytes(8),
        verb="flag",
        page=letter.page_key.hex,
        kind="open_letter",
        lang="en",
        at=clock.now_ms(),
        fields={"t": str(number), "reason": "abuse", "note": note} | fields,
    )


def public_text() -> str:
    """Everything the public door serves, as one text."""
    files = (env.load().path("site") / "public").rglob("*")
    return "".join(
        file.read_text(errors="replace") for file in files if file.suffix in {".html", ".json"}
    )


def shown(letter: OpenLetterPage) -> list[Cosignature]:
    """Show all that waits, as a moderator does."""
    mona = desk.organiser(roles.MODERATORS, name="mona")
    rows = list(Cosignature.objects.filter(state="waiting").order_by("pk"))
    cosign.show(page_key=letter.page_key, numbers=[row.pk for row in rows], by=mona)
    services.publish_pending()
    return rows


def test_it_lets_a_confirmed_name_wait(letter: OpenLetterPage, arrive: Drained) -> None:
    one = signature(letter)
    arrive(one)
    assert not Cosignature.objects.exists()
    arrive(click(one))
    row = Cosignature.objects.get()
    assert (row.state, row.name, row.revision) == ("waiting", "", 1)
    assert row.submission_id == UUID(bytes=one.id)


def test_it_only_counts_who_would_not_be_named(letter: OpenLetterPage, arrive: Drained) -> None:
    one = signature(letter, consents={"text": "1"})
    arrive(one, click(one))
    assert not Cosignature.objects.exists()
    assert counters.all_totals()[letter.page_key].confirmed == 1


def test_it_makes_one_of_two_signatures_of_a_mailbox(
    letter: OpenLetterPage, arrive: Drained
) -> None:
    one, two = signature(letter), signature(letter)
    arrive(one, two, click(one), click(two), click(one))
    assert Cosignature.objects.count() == 1


def test_it_publishes_a_name_only_once_it_is_shown(letter: OpenLetterPage, arrive: Drained) -> None:
    one = signature(letter)
    arrive(one, click(one))
    services.publish_pending()
    assert "Weir1" not in public_text()
    shown(letter)
    assert "Weir1" in public_text()
    assert "Baker, Guild" in public_text()


@pytest.mark.parametrize("leave", ["withdraw", "erase"])
def test_it_takes_a_leaver_out_of_the_public_files(
    letter: OpenLetterPage, arrive: Drained, leave: str
) -> None:
    one, two = signature(letter), signature(letter, 2)
    arrive(one, two, click(one), click(two))
    shown(letter)
    if leave == "erase":
        arrive(click(one, "manage", do="erase"))
    else:
        arrive(click(one, "withdraw"))
    services.publish_pending()
    assert [view.name for view in signatories.shown(letter.page_key)] == ["Ada Weir2"]
    assert "Weir1" not in public_text()
    assert "Weir2" in public_text()


def test_it_would_leave_the_name_there_without_that_step(
    letter: OpenLetterPage, arrive: Drained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a withdrawal that does not tell this room leaves a name in public."""
    one = signature(letter)
    arrive(one, click(one))
    shown(letter)
    monkeypatch.setattr(cosign, "left", lambda _rows: None)
    arrive(click(one, "withdraw"))
    services.publish_pending()
    assert Participation.objects.get().state == "withdrawn"
    assert "Weir1" in public_text()


def test_it_shows_nobody_who_left_before_the_decision(
    letter: OpenLetterPage, arrive: Drained
) -> None:
    one = signature(letter)
    arrive(one, click(one))
    # Between a moderator's look and the press of the button.
    Participation.objects.update(state=Participation.State.WITHDRAWN)
    shown(letter)
    assert signatories.shown(letter.page_key) == []


def test_it_folds_alike_reports_and_hides_nothing(letter: OpenLetterPage, arrive: Drained) -> None:
    one = signature(letter)
    arrive(one, click(one))
    (row,) = shown(letter)
    arrive(*[report(letter, row.pk, note="This is not me") for _ in range(5)])
    arrive(report(letter, row.pk, note="It is rude"), report(letter, row.pk, reason="false"))
    assert sorted(Flag.objects.values_list("times", flat=True)) == [1, 1, 5]
    assert b"not me" not in b"".join(bytes(flag.sealed) for flag in Flag.objects.all())
    row.refresh_from_db()
    assert (row.state, row.flags) == ("shown", 7)


def test_it_keeps_a_few_notes_of_a_flood(letter: OpenLetterPage, arrive: Drained) -> None:
    one = signature(letter)
    arrive(one, click(one))
    (row,) = shown(letter)
    arrive(*[report(letter, row.pk, note=f"note {n}") for n in range(60)])
    assert Flag.objects.count() == flags.MOST_NOTES + 1
    assert sum(Flag.objects.values_list("times", flat=True)) == 60


def test_it_takes_reports_of_nothing_calmly(letter: OpenLetterPage, arrive: Drained) -> None:
    arrive(report(letter, 99), report(letter, 1, t="no number"), report(letter, 1, t="9" * 30))
    assert not Flag.objects.exists()


def test_it_lets_a_moderator_settle_reports(letter: OpenLetterPage, arrive: Drained) -> None:
    one, two = signature(letter), signature(letter, 2)
    arrive(one, two, click(one), click(two))
    first, second = shown(letter)
    arrive(report(letter, first.pk, note="Not me"), report(letter, second.pk))
    mona = desk.client_of(roles.MODERATORS, name="mona2")
    place = f"/open-letters/{letter.page_key}/flags/"
    assert "Not me" in mona.get(place).content.decode()
    mona.post(place + "settle/", {"number": first.pk, "do": "hide"})
    assert Cosignature.objects.get(pk=first.pk).state == "shown"
    mona.post(place + "settle/", {"number": first.pk, "do": "hide", "reason": "asked us to"})
    mona.post(place + "settle/", {"number": second.pk, "do": "keep"})
    assert Cosignature.objects.get(pk=first.pk).state == "hidden"
    assert Cosignature.objects.get(pk=second.pk).state == "shown"
    assert "Nothing is reported." in mona.get(place).content.decode()
