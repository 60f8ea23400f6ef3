"""Whatever file is given: a draft comes of it, or one line that says why not."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.base.errors import Trouble
from groundswell.directory.importing import reading
from groundswell.directory.importing.targets_csv import COLUMNS

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=8,
)
WORDS = ("id", "name", "person_id", "post_id", "organization_id", "area_id", "area", "role", "kind",
         "email", "contact_details", "links", "type", "value", "url", "identifiers", "label",
         "other_names", "start_date", "end_date", "checked_on", "country", "classification",
         "on_behalf_of_id", "parent_id", "honorific_prefix", "party", "office", "scheme",
         "identifier")  # fmt: skip
ITEM = st.dictionaries(
    st.sampled_from(WORDS),
    ANYTHING | st.sampled_from(["a", "b"]) | st.lists(
        st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=3), max_size=2
    ),
    max_size=6,
)  # fmt: skip
POPOLO = st.dictionaries(
    st.sampled_from(["persons", "organizations", "posts", "memberships", "areas"]),
    st.lists(ITEM, max_size=4) | ANYTHING,
    max_size=5,
)


def told(data: bytes) -> None:
    """Read it: anything but a draft or Trouble fails the test."""
    try:
        draft = reading.read(data, file="anything")
    except Trouble:
        return
    assert draft.good + len({one.number for one in draft.refusals}) >= 1
    reading.mend(draft).encode()


@given(st.binary(max_size=400))
def test_it_survives_any_bytes(data: bytes) -> None:
    told(data)


@given(
    st.lists(st.sampled_from([*COLUMNS, "odd"]), min_size=1, max_size=6),
    st.lists(st.lists(st.text(max_size=30), max_size=7), max_size=5),
    st.sampled_from(",;\t|"),
)
@settings(max_examples=200)
def test_it_survives_any_table(heading: list[str], rows: list[list[str]], mark: str) -> None:
    lines = [mark.join(heading), *(mark.join(cells) for cells in rows)]
    told("\n".join(lines).encode("utf-8", "replace"))


@given(POPOLO)
@settings(max_examples=300)
def test_it_survives_any_json(whole: object) -> None:
    told(json.dumps(whole).encode())
