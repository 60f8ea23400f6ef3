"""Which text of an open letter was signed: told by the form, summed like every other total."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count as Number
from django.db.models import QuerySet

from groundswell.campaigns import counters, letter_texts
from groundswell.kinds.open_letter.kind import OPEN_LETTER, TEXT
from groundswell.people.models import Consent, Participation


def changes(changed: Sequence[tuple[Participation, int]]) -> Iterator[counters.Change]:
    """The counters' changes for rows that begin (1) or cease (-1) to count as confirmed.

    For rows of another kind it asks nothing of the database.
    """
    mine = [(row, number) for row, number in changed if number and row.kind == OPEN_LETTER.name]
    if not mine:
        return
    given = Consent.objects.filter(purpose=TEXT, participation__in=[row.pk for row, _ in mine])
    texts = dict(given.values_list("participation_id", "version"))
    for row, number in mine:
        if row.pk in texts:
            value = letter_texts.mark(row.language, texts[row.pk])
            yield counters.Change(row.page_key, "text", value, 0, number)


def sums(*, page_key: UUID, rows: QuerySet[Participation]) -> Counter[tuple[str, str]]:
    """How many of these rows signed which text, as the counters should have it; for the recount."""
    first = Participation.objects.filter(page_key=page_key).values_list("kind", flat=True).first()
    if first != OPEN_LETTER.name:
        return Counter()
    given = Consent.objects.filter(purpose=TEXT, participation__in=rows.order_by())
    grouped = given.values_list("participation__language", "version").annotate(n=Number("pk"))
    return Counter(
        {
            ("text", letter_texts.mark(language, version)): number
            for language, version, number in grouped.order_by()
        }
    )
