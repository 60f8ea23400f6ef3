"""Organisers set things right, and nothing they replaced is lost."""

from collections.abc import Callable
from datetime import date

import pytest

from groundswell.directory import checks, queries, services
from groundswell.directory.lists import Rule
from groundswell.directory.models import ContactDetail, Correction, Report, TargetList
from groundswell.directory.tests.factories import contact, load, parliament

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on")]
Day = Callable[[date], None]
MAIL = "zz/ada#email"
MAY = date(2026, 5, 1)


def address() -> str:
    return queries.targets(["zz/ada"])["zz/ada"].contacts[0].value


def correct(value: str, field: str = "value", note: str = "she said so") -> None:
    services.correct(kind="contact", key=MAIL, field=field, value=value, note=note, by="anna")


def test_it_corrects_a_contact_and_keeps_what_was(on: Day) -> None:
    load(parliament())
    on(MAY)
    correct("ada@new.example")
    assert address() == "ada@new.example"
    assert queries.targets(["zz/ada"], on=date(2026, 4, 30))["zz/ada"].contacts[0].value == (
        "ada@house.example"
    )
    written = Correction.objects.get()
    assert (written.before, written.after) == ("ada@house.example", "ada@new.example")
    assert (written.note, written.by) == ("she said so", "anna")


def test_it_keeps_a_correction_until_the_source_says_something_new(on: Day) -> None:
    load(parliament())
    correct("ada@new.example")
    on(MAY)
    load(parliament(MAY))
    assert address() == "ada@new.example", "the source only repeats what was wrong"
    on(date(2026, 6, 1))
    batch = parliament(date(2026, 6, 1))
    batch.contacts[0] = contact("zz/ada", value="ada@newest.example")
    edition, _counts = load(batch)
    assert address() == "ada@newest.example"
    services.undo(edition_id=edition.pk, by="anna")
    assert address() == "ada@new.example"


def test_it_corrects_twice_on_one_day() -> None:
    load(parliament())
    correct("one@new.example")
    correct("two@new.example")
    assert address() == "two@new.example"
    told = queries.dossier("zz/ada")
    assert told is not None
    assert len(told.corrections) == 2


def test_it_corrects_a_name_and_finds_it() -> None:
    load(parliament())
    services.correct(
        kind="person", key="zz/ada", field="name", value="Ada Ström", note="married", by="anna"
    )
    assert [one.key for one in queries.search("strom").items] == ["zz/ada"]
    assert queries.search("bjorn").total == 0


@pytest.mark.parametrize(
    ("field", "value", "note", "problem"),
    [
        ("value", "no address", "x", "no e-mail address"),
        ("value", "", "x", "empty"),
        ("value", "a@b.example\nBcc: c@d.example", "x", "line break"),
        ("value", "=1+1", "x", "formula"),
        ("value", "ada@new.example", " ", "say why"),
        ("owner", "zz/ion", "x", "cannot be corrected"),
        ("hours", "always", "x", "opening hours"),
        ("zone", "Mars/Base", "x", "time zone"),
        ("note", "x" * 5000, "x", "5000 characters"),
    ],
)
def test_it_refuses_what_a_field_cannot_hold(
    field: str, value: str, note: str, problem: str
) -> None:
    load(parliament())
    with pytest.raises(checks.Wrong, match=problem):
        correct(value, field=field, note=note)
    assert address() == "ada@house.example"


def test_it_lowers_the_standing_of_what_bounced_and_shows_it(on: Day) -> None:
    load(parliament())
    row = ContactDetail.objects.get(key=MAIL)
    assert services.report(contact_id=row.pk, what="bounced", by="core", note="550 no such user")
    ada = queries.targets(["zz/ada"])["zz/ada"]
    assert (ada.contacts[0].standing, ada.contact("email")) == ("bounced", None)
    assert [one.key for one in queries.search(doubtful=True).items] == ["zz/ada"]
    assert queries.stale(days=3650)[""] == 1
    on(MAY)
    load(parliament(MAY))
    assert queries.search(doubtful=True).total == 1, "a new edition does not heal an address"
    assert services.report(contact_id=row.pk, what="good", by="anna")
    assert queries.search(doubtful=True).total == 0
    assert Report.objects.count() == 2


def test_it_trusts_a_corrected_address_again() -> None:
    load(parliament())
    old = ContactDetail.objects.get(key=MAIL)
    services.report(contact_id=old.pk, what="bounced", by="core")
    correct("ada@new.example")
    assert queries.search(doubtful=True).total == 0
    late = services.report(contact_id=old.pk, what="bounced", by="core")
    assert not late, "a bounce of the old address says nothing about the new one"
    assert not services.report(contact_id=10**9, what="wrong", by="core")


def test_it_makes_changes_and_deletes_lists() -> None:
    load(parliament())
    made = services.create_list(name="  Sea  people ", rule=Rule(keys=("zz/ada",)), by="anna")
    assert made.name == "Sea people"
    with pytest.raises(checks.Wrong, match="another list"):
        services.create_list(name="sea PEOPLE", rule=Rule(), by="anna")
    with pytest.raises(checks.Wrong, match="give it a name"):
        services.create_list(name=" ", rule=Rule(), by="anna")
    services.update_list(list_id=made.pk, name="Sea people", rule=Rule(parties=("Shore",)))
    assert len(queries.of_list(made.pk)) == 2
    services.delete_list(list_id=made.pk)
    assert not TargetList.objects.exists()
