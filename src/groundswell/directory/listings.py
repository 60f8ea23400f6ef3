"""Works out who can be reached: one Listing for each holder of a post, or for the post itself."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from groundswell.directory.folding import fold
from groundswell.directory.models import (
    Area,
    Listing,
    Membership,
    Organization,
    Person,
    Post,
    Row,
    Source,
)

TARGET_LENGTH: Final = 120
_CHUNK: Final = 5000


class _Window(NamedTuple):
    first: date
    last: date | None


_Holders = list[tuple[Person, Membership, _Window]]


def rebuild(*, source: Source, posts: Collection[str] | None = None) -> int:
    """Work out the listings of a source again, or of some of its posts; how many there are now."""
    old = Listing.objects.filter(source=source)
    versions = _known(Post, source)
    if posts is not None:
        old, versions = old.filter(post__in=posts), versions.filter(key__in=posts)
    old.delete()
    made = list(_make(list(versions.order_by("key", "valid_from")), source))
    Listing.objects.bulk_create(made, batch_size=1000)
    return len(made)


def _known(model: type[Row], source: Source) -> Any:
    return model.objects.filter(source=source, undone=False)


def _make(posts: list[Post], source: Source) -> Iterator[Listing]:
    memberships = list(_known(Membership, source).exclude(post="").order_by("valid_from", "rank"))
    held, second = _by("post", memberships), _second_posts(memberships)
    people = _by("key", _known(Person, source))
    names = _names(Organization, {post.organization for post in posts})
    areas = _names(Area, {post.area for post in posts})
    for post in posts:
        holders = _holders(post, held[post.key], people)
        windows = [(person, window) for person, _seat, window in holders]
        for person, window in (*windows, *_nobody(post, holders)):
            made = _listing(
                post, person, names.get(post.organization, ""), areas.get(post.area, "")
            )
            named = person and not post.office and post.key not in second[person.key]
            made.target = (person.key if person and named else post.key)[:TARGET_LENGTH]
            made.valid_from, made.valid_to = window
            if not person:
                made.ended_on = _ended_on(holders, source)
            yield made


def _nobody(post: Post, holders: _Holders) -> Iterator[tuple[None, _Window]]:
    """The days on which nobody is known to hold a post."""
    ends = [window.last for _person, _seat, window in holders]
    if not holders:
        yield None, _window(post)
    elif None not in ends:
        first = max(end for end in ends if end) + timedelta(days=1)
        if post.valid_to is None or post.valid_to >= first:
            yield None, _Window(max(first, post.valid_from), post.valid_to)


def _ended_on(holders: _Holders, source: Source) -> date | None:
    """The last day of the last holder, if it was the term's end that our source had not seen yet.

    Where an edition ended a row, the source knows who left: the seat is vacant.
    """
    if not holders:
        return None
    _person, seat, window = max(holders, key=lambda one: one[2].last or date.max)
    known = source.checked_on
    return (
        None if seat.ended_by_id or (known and window.last and window.last < known) else window.last
    )


def _second_posts(memberships: Iterable[Membership]) -> dict[str, set[str]]:
    """By person, the posts held besides another one: those are reached by the post's key."""
    second: dict[str, set[str]] = defaultdict(set)
    for person, held in _by("person", memberships).items():
        ordered = sorted(held, key=lambda one: one.post)
        for place, one in enumerate(ordered):
            before = (other for other in ordered[:place] if other.post != one.post)
            if any(_overlap(one, other) for other in before):
                second[person].add(one.post)
    return second


def _holders(
    post: Post, memberships: Iterable[Membership], people: dict[str, list[Person]]
) -> _Holders:
    found: _Holders = []
    for membership in memberships:
        for person in people[membership.person]:
            window = _overlap(post, membership, person)
            if window:
                found.append((person, membership, window))
    return found


def _window(row: Row) -> _Window:
    return _Window(row.valid_from, row.valid_to)


def _overlap(*rows: Row) -> _Window | None:
    """The days on which all of them hold."""
    first = max(row.valid_from for row in rows)
    ends = [row.valid_to for row in rows if row.valid_to]
    last = min(ends) if ends else None
    return None if last and last < first else _Window(first, last)


def _listing(post: Post, person: Person | None, organization: str, area: str) -> Listing:
    name = person.name if person else post.role
    party = person.party if person else ""
    other = person.other_names if person else ""
    said = (name, other, post.role, post.label, organization, area, party)
    return Listing(
        post=post.key, person=person.key if person else "",
        kind=post.kind, name=name, role=post.role, organization=post.organization,
        organization_name=organization, country=post.country, division=post.area, area=area,
        party=party, given_name=person.given_name if person else "",
        family_name=person.family_name if person else "",
        language=(person.language if person else "") or post.language,
        salutation=(person.salutation if person else "") or post.salutation,
        vacant=not person and not post.office, words=fold(" ".join(filter(None, said))),
        sorting=fold((person.family_name or person.name) if person else post.role)[:200],
        source_id=post.source_id, checked_on=(person or post).checked_on,
    )  # fmt: skip


def _by(field: str, rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, field)].append(row)
    return grouped


def _names(model: type[Row], keys: Collection[str]) -> dict[str, str]:
    wanted = sorted(keys - {""}) if isinstance(keys, set) else sorted(keys)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = model.objects.filter(key__in=wanted[start : start + _CHUNK], undone=False)
        found.update(rows.order_by("valid_from", "pk").values_list("key", "name"))
    return found
