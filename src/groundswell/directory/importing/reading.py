"""Reads a file of decision makers, whichever of the two formats it has."""

from pathlib import Path

from groundswell.base.errors import Trouble
from groundswell.directory.folding import mark, slug
from groundswell.directory.importing import decoding, popolo, targets_csv
from groundswell.directory.importing.draft import Draft
from groundswell.directory.records import SourceInfo

SHOWN = 40


def read(data: bytes, *, file: str, source: str = "", licence: str = "") -> Draft:
    """A draft of what `services.take_in` would load. Raises Trouble when it is neither format.

    `source` names the list: the same name again makes the list's next edition. Without one, the
    file's name is it.
    """
    content, encoding = decoding.text(data)
    name = (source or Path(file).stem).strip()[:200]
    short = slug(name, limit=SHOWN) or mark(name)
    info = SourceInfo(slug=f"list-{short}", name=name, licence=licence[:200], vouches=False)
    if content.lstrip()[:1] in {"{", "["}:
        draft = popolo.read(content, info)
    else:
        draft = targets_csv.read(content, encoding, info)
    draft.file = Path(file).name[:200]
    if not draft.total:
        raise Trouble("the file holds no rows")
    return draft


def mend(draft: Draft) -> str:
    """The refused rows as a CSV with what is wrong with each: to be mended and imported again."""
    by_row: dict[int, list[int]] = {}
    for place, one in enumerate(draft.refusals):
        by_row.setdefault(one.number, []).append(place)
    width = len(draft.heading)
    lines = []
    for number, places in by_row.items():
        some = [draft.refusals[place] for place in places]
        cells = (*some[0].cells, *[""] * width)[: max(width, len(some[0].cells))]
        words = "; ".join(f"{one.field}: {one.problem}. {one.remedy}".strip(": ") for one in some)
        lines.append((*cells, str(number), words))
    return decoding.table((*draft.heading, "row", "what is wrong"), iter(lines))
