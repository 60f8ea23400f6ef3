"""A new edition ends rows and begins others; taking it back brings back what was."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from groundswell.base.errors import Trouble
from groundswell.directory import editions, listings, queries, services
from groundswell.directory.lists import Rule
from groundswell.directory.models import (
    ContactDetail,
    Edition,
    Listing,
    Membership,
    Person,
    Source,
)
from groundswell.directory.records import SourceInfo
from groundswell.directory.tests.factories import (
    NORTH,
    SOURCE,
    contact,
    crossing,
    load,
    parliament,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on")]
Day = Callable[[date], None]
MARCH, MAY, JUNE = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)


def everything() -> list[tuple[object, ...]]:
    """All that is true now, in one value."""
    rows: list[tuple[object, ...]] = []
    for model in editions.MODELS.values():
        current = model.objects.filter(current=True).order_by("key")
        rows += current.values_list("key", "valid_from", "valid_to")
    listed = Listing.objects.order_by("target", "valid_from")
    return [*rows, *listed.values_list("target", "valid_from", "valid_to", "name")]


def names(day: date) -> set[str]:
    return {one.name for one in queries.evaluate(Rule(kinds=("house",)), on=day)}


def test_it_loads_people_with_their_offices_and_contacts() -> None:
    _edition, counts = load(parliament())
    assert counts.added == parliament().size()
    ada = queries.targets(["zz/ada"])["zz/ada"]
    assert (ada.name, ada.role, ada.organization) == ("Ada Bjørn", "Member", "House of Vesland")
    assert (ada.division, ada.party, ada.as_of) == (f"{NORTH}/ed:1", "Reef", MARCH)
    assert [one.value for one in ada.contacts] == ["ada@house.example"]


def test_it_keeps_what_was_when_a_seat_changes_hands(on: Day) -> None:
    load(parliament())
    on(MAY)
    _edition, counts = load(parliament(MAY, seat3="Kay Ollo"))
    assert names(date(2026, 4, 1)) == {"Ada Bjørn", "Zoë Quist", "Ion Măr"}
    assert names(MAY) == {"Ada Bjørn", "Zoë Quist", "Kay Ollo"}
    assert (counts.added, counts.ended, counts.changed) == (3, 3, 0)
    gone = Person.objects.get(key="zz/ion")
    assert (gone.valid_to, gone.current) == (date(2026, 4, 30), False)


def test_it_makes_a_new_version_of_what_changed_and_touches_nothing_else(on: Day) -> None:
    load(parliament())
    before = set(row_ids())
    batch = parliament(MAY)
    batch.contacts[0] = contact("zz/ada", value="ada.bjorn@house.example")
    on(MAY)
    _edition, counts = load(batch)
    assert (counts.changed, counts.added, counts.ended) == (1, 0, 0)
    old, new = ContactDetail.objects.filter(key="zz/ada#email").order_by("valid_from")
    assert (old.value, old.valid_to) == ("ada@house.example", date(2026, 4, 30))
    assert (new.value, new.valid_from) == ("ada.bjorn@house.example", MAY)
    assert before < set(row_ids())
    assert len(set(row_ids()) - before) == 1
    assert queries.targets(["zz/zoë"])["zz/zoë"].as_of == MAY, "its source was checked"


def row_ids() -> list[tuple[str, int]]:
    return [
        (name, pk)
        for name, model in editions.MODELS.items()
        for pk in model.objects.values_list("pk", flat=True)
    ]


def test_it_takes_an_edition_back(on: Day) -> None:
    load(parliament())
    was = everything()
    on(MAY)
    batch = parliament(MAY, seat1="", seat3="Kay Ollo")
    batch.contacts[0] = contact("zz/zoë", value="new@house.example")
    edition, _counts = load(batch)
    assert everything() != was
    services.undo(edition_id=edition.pk, by="anna")
    assert everything() == was
    edition.refresh_from_db()
    assert edition.undone_by == "anna"
    assert Person.objects.filter(name="Kay Ollo", undone=True).exists(), "nothing is deleted"


def test_it_takes_the_first_edition_back_and_loads_it_again() -> None:
    edition, _counts = load(parliament())
    services.undo(edition_id=edition.pk, by="anna")
    assert queries.search().total == 0
    load(parliament())
    assert queries.search().total == 3


def test_it_takes_back_only_the_newest(on: Day) -> None:
    first, _counts = load(parliament())
    on(MAY)
    second, _counts = load(parliament(MAY))
    with pytest.raises(Trouble, match=f"undo {second.pk} first"):
        services.undo(edition_id=first.pk, by="anna")
    services.undo(edition_id=second.pk, by="anna")
    with pytest.raises(Trouble, match="already"):
        services.undo(edition_id=second.pk, by="anna")
    with pytest.raises(Trouble, match="there is no edition"):
        services.undo(edition_id=second.pk + 1, by="anna")


def test_it_makes_no_edition_of_what_it_has() -> None:
    load(parliament())
    assert services.load(source=SOURCE, batch=parliament())[0] is None


def test_it_loads_the_next_map_before_it_holds(on: Day) -> None:
    batch = parliament()
    batch.crossings = [crossing("100", "1"), crossing("200", "2")]
    load(batch)
    on(MAY)
    batch = parliament(MAY)
    batch.crossings = [crossing("100", "2"), crossing("200", "2")]
    batch.starts_on = JUNE
    load(batch)
    assert dict(queries.crosswalk("zz", on=date(2026, 5, 31)))["100"] == [(f"{NORTH}/ed:1", None)]
    assert dict(queries.crosswalk("zz", on=JUNE))["100"] == [(f"{NORTH}/ed:2", None)]
    assert len(list(queries.crosswalk("zz", on=JUNE))) == 2


def test_it_refuses_a_list_of_which_most_is_gone() -> None:
    load(parliament())
    cut = parliament(seat1="", seat2="", seat3="")
    cut.posts, cut.areas = [], []
    with pytest.raises(editions.TooMuchGone, match="would end"):
        load(cut)
    assert queries.search().total == 3
    load(cut, may_vanish=1.0)
    assert queries.search().total == 0


def test_it_loads_nothing_when_a_row_stands_twice_or_is_another_sources() -> None:
    load(parliament())
    batch = parliament(MAY)
    batch.people.append(batch.people[0])
    with pytest.raises(Trouble, match="two rows have the key zz/ada"):
        load(batch)
    other = parliament(MAY)
    with pytest.raises(Trouble, match="belongs to the source vesland"):
        load(other, SourceInfo(slug="other", name="Another"))
    assert Edition.objects.count() == 1


def test_it_says_who_came_after_nobody_knows_once_a_term_has_ended(on: Day) -> None:
    batch = parliament(seat2="")
    batch.memberships = [
        msgspec.structs.replace(one, valid_to=date(2026, 4, 30)) for one in batch.memberships
    ]
    load(batch)
    north = {one.key: one for one in queries.representatives(f"{NORTH}/ed:2")}
    assert north["zz/seat/2"].vacant
    assert north["zz/seat/2"].ended_on is None
    on(MAY)
    later = queries.representatives(f"{NORTH}/ed:1")[0]
    assert (later.key, later.vacant, later.ended_on) == ("zz/seat/1", True, date(2026, 4, 30))


def test_it_would_lose_history_if_rows_were_overwritten(on: Day) -> None:
    """The twin of the tests above: without versions the past is gone."""
    load(parliament())
    on(MAY)
    Membership.objects.filter(post="zz/seat/3").update(person="zz/kay")
    assert names(date(2026, 4, 1)) == {"Ada Bjørn", "Zoë Quist", "Ion Măr"}, (
        "the listing is derived"
    )
    source = Source.objects.get(slug="vesland")
    listings.rebuild(source=source)
    assert "Ion Măr" not in names(date(2026, 4, 1))
