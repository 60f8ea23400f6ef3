"""Every kind in the registry keeps the contract that pages and the public door rely on."""

import msgspec
import pytest

from groundswell.base.wire import FieldSpec
from groundswell.kinds.kind import FIELDS, Kind
from groundswell.kinds.registry import KINDS

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
def test_it_is_listed_under_its_own_name(kind: Kind) -> None:
    assert KINDS[kind.name] is kind
    assert kind.name.isidentifier()


@every_kind
def test_it_knows_each_field_it_asks(kind: Kind) -> None:
    assert set(kind.always) | set(kind.may) <= set(FIELDS)
    assert not set(kind.always) & set(kind.may)


@every_kind
def test_it_asks_for_an_address_to_confirm_what_it_counts(kind: Kind) -> None:
    assert ("email" in kind.always) == (kind.counts == "confirmed")


@every_kind
def test_it_requires_what_it_cannot_do_without(kind: Kind) -> None:
    for field in kind.fields(asked=dict.fromkeys(FIELDS, False)):
        assert field.required == (field.name in kind.always)


@every_kind
def test_it_leaves_out_what_was_not_asked(kind: Kind) -> None:
    assert [field.name for field in kind.fields(asked={})] == list(kind.always)


@every_kind
def test_it_makes_wire_fields_in_one_order(kind: Kind) -> None:
    fields = kind.fields(asked=dict.fromkeys(reversed(list(FIELDS)), True))
    assert all(isinstance(field, FieldSpec) for field in fields)
    names = [field.name for field in fields]
    assert names == [name for name in FIELDS if name in names]


@every_kind
def test_it_gives_each_choice_something_to_choose_from(kind: Kind) -> None:
    for field in kind.fields(asked=dict.fromkeys(FIELDS, True)):
        assert (field.type == "choice") == bool(field.choices), field.name


@every_kind
def test_it_has_its_template_and_words(kind: Kind) -> None:
    assert (kind.templates / kind.ask_template).is_file()
    assert all([kind.label, kind.heading, kind.button, kind.unit_one, kind.nobody_yet])
    said = msgspec.structs.asdict(kind.words)
    # Nobody waits for a mail where nothing has to be confirmed.
    assert bool(said.pop("slow")) == (kind.counts == "confirmed")
    assert all(said.values())
