"""A search finds every word, page after page, and says how far back it has looked."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from groundswell.directline import queries, services
from groundswell.directline.queries import Filters, Found
from groundswell.directline.tests.conversations import AT, SENATOR, draft, due, keeper, told

pytestmark = pytest.mark.django_db


def _ids(found: Found) -> list[int]:
    return [one.entry.pk for one in found.items]


def test_it_finds_words_in_any_spelling() -> None:
    bob = keeper()
    entry = told(bob)
    told(bob, said="Nothing of the kind.", parties=[])
    for words in ("zazilie", "ZÄZILIE hearing", "cantwell pim", "cantwell yara brief"):
        assert _ids(queries.search(by=bob, filters=Filters(words=words))) == [entry.pk]
    assert not queries.search(by=bob, filters=Filters(words="zazilie unheard-of")).items


def test_it_finds_words_of_other_scripts() -> None:
    bob = keeper()
    arabic, armenian = told(bob, said="وعدت بالتصويت"), told(bob, said="Խոստացավ քվեարկել")
    assert _ids(queries.search(by=bob, filters=Filters(words="بالتصويت"))) == [arabic.pk]
    assert _ids(queries.search(by=bob, filters=Filters(words="խոստացավ"))) == [armenian.pk]


def test_it_narrows_by_each_property() -> None:
    bob, campaign = keeper(), uuid4()
    plain = told(bob, parties=[])
    other = due(
        bob, date(2026, 11, 9), way="call", campaign_key=campaign, at=AT + timedelta(days=3)
    )
    for filters in (
        Filters(target=SENATOR[0]),
        Filters(campaign_key=campaign),
        Filters(way="call"),
        Filters(since=date(2026, 11, 4)),
        Filters(open_steps=True),
    ):
        assert _ids(queries.search(by=bob, filters=filters)) == [other.pk]
    assert _ids(queries.search(by=bob, filters=Filters(until=date(2026, 11, 3)))) == [plain.pk]
    services.finish(by=bob, key=other.key)
    assert not queries.search(by=bob, filters=Filters(open_steps=True)).items


def test_it_lists_an_entry_once_though_many_were_there() -> None:
    bob = keeper()
    entry = told(bob, parties=[SENATOR, ("us/M001111", "Patty Murray"), SENATOR])
    assert _ids(queries.search(by=bob, filters=Filters(target=SENATOR[0]))) == [entry.pk]
    assert queries.number_with(by=bob, target=SENATOR[0]) == 1


def test_it_pages_through_all_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 4)
    bob = keeper()
    # Several at the same moment: the page's end may fall between them.
    made = [told(bob, at=AT + timedelta(days=n // 3)).pk for n in range(13)]
    seen: list[int] = []
    after: UUID | None = None
    while True:
        found = queries.search(by=bob, filters=Filters(words="senator"), after=after, size=5)
        seen += _ids(found)
        after = found.after
        if after is None:
            break
    assert seen == sorted(made, reverse=True)


def test_it_says_how_far_back_it_has_looked() -> None:
    bob = keeper()
    told(bob, said="The needle", at=AT - timedelta(days=30))
    for n in range(6):
        told(bob, at=AT - timedelta(days=n))
    first = queries.search(by=bob, filters=Filters(words="needle"), look_back=4)
    assert (first.items, first.looked_back_to) == ([], AT - timedelta(days=3))
    second = queries.search(by=bob, filters=Filters(words="needle"), after=first.after)
    assert len(second.items) == 1
    assert second.looked_back_to is None


def test_it_searches_thousands_in_few_queries(django_assert_max_num_queries: object) -> None:
    bob = keeper()
    for n in range(450):
        services.tell(by=bob, draft=draft(said=f"no. {n}", parties=[]))
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's own
        found = queries.search(by=bob, filters=Filters(words="449"))
    assert len(found.items) == 1
