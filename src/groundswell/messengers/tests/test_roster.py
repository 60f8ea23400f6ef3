"""Who is on the roster, and how far each is in a campaign."""

from typing import Any

import msgspec
import pytest
from django.core.exceptions import ValidationError

from groundswell.base import clock, sealing
from groundswell.messengers import contact, queries, services
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import Group, Messenger, Post, Status
from groundswell.messengers.services import Account, Person
from groundswell.messengers.tests import people
from groundswell.people import keys

pytestmark = pytest.mark.django_db


def test_it_keeps_the_contact_sealed() -> None:
    row = people.messenger()
    row.refresh_from_db()
    assert b"ilo@example.org" not in bytes(row.sealed)
    assert contact.open_contact(row).email == "ilo@example.org"


def test_it_opens_no_contact_in_another_row() -> None:
    one, other = people.messenger(), people.messenger("Tomas Aldair")
    Messenger.objects.filter(pk=other.pk).update(sealed=one.sealed)
    other.refresh_from_db()
    with pytest.raises(sealing.CannotOpen):
        contact.open_contact(other)


def test_it_seals_contacts_to_a_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {b"old-key-": b"o" * 32, b"new-key-": b"n" * 32}
    now = keys.data_keys()

    def use(current: bytes) -> None:
        cipher = sealing.FieldCipher(held, current=current)
        fresh = msgspec.structs.replace(now, cipher=cipher)
        monkeypatch.setattr(keys, "data_keys", lambda: fresh)

    use(b"old-key-")
    row = people.messenger()
    people.messenger("Tomas Aldair", contact=Contact())
    use(b"new-key-")
    assert (contact.reseal(), contact.reseal()) == (1, 0)
    row.refresh_from_db()
    assert sealing.envelope_key_id(bytes(row.sealed)) == b"new-key-"
    assert contact.open_contact(row).name == "Ilo Vance"


def test_it_finds_by_name_handle_and_group() -> None:
    group = services.make_group(name="River Choir", kind="coalition")
    mira = people.messenger(groups=(group.pk,))
    people.messenger("Tomas Aldair", accounts=())
    for text in ("mira", "SOLENNE singer", "mirasol", "choir"):
        assert queries.roster(text=text) == [mira]
    assert queries.roster(group=group.pk, language="fr") == [mira]
    assert not queries.roster(text="mira nobody")


def test_it_lists_those_with_most_followers_first() -> None:
    people.messenger("Tomas Aldair", accounts=())
    people.messenger()
    assert [one.name for one in queries.roster()] == ["Mira Solenne", "Tomas Aldair"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("time_zone", "Yerevan time"),
        ("accounts", (Account(network="friendster"),)),
        ("accounts", (Account(network="x", followers=-1),)),
        ("accounts", (Account(network="x"), Account(network="x"))),
        ("accounts", (Account(network="x", click_share=2.0),)),
    ],
)
def test_it_refuses_what_makes_no_sense(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        people.messenger(**{field: value})
    assert field in refused.value.message_dict


def test_it_keeps_accounts_that_stay() -> None:
    row = people.messenger()
    before = {one.network: one.pk for one in row.profiles.all()}
    person = Person(name=row.name, accounts=(Account(network="x", handle="mira", followers=5),))
    services.change_messenger(messenger=row, person=person)
    assert {one.network: one.pk for one in row.profiles.all()} == {"x": before["x"]}


def test_it_archives_without_losing_anything() -> None:
    row = people.messenger()
    services.archive(messenger=row)
    assert not queries.roster()
    assert queries.roster(archived=True) == [row]
    services.bring_back(messenger=row)
    assert queries.roster() == [row]


def test_it_writes_down_each_step() -> None:
    row = people.messenger()
    (part,) = services.involve(messengers=[row], campaign_key=people.CAMPAIGN, by="bob")
    assert services.set_status(part=part, status="agreed", by="alice")
    assert not services.set_status(part=part, status="agreed", by="bob")
    steps = [(one.who, one.before, one.after) for one in part.steps.all()]
    assert steps == [("bob", "", "invited"), ("alice", "invited", "agreed")]


def test_it_invites_nobody_twice() -> None:
    row = people.messenger()
    services.involve(messengers=[row], campaign_key=people.CAMPAIGN, by="bob")
    assert services.involve(messengers=[row], campaign_key=people.CAMPAIGN, by="bob") == []
    assert queries.status_counts() == {people.CAMPAIGN: {"invited": 1}}


def test_it_refuses_a_step_that_does_not_exist() -> None:
    (part,) = services.involve(
        messengers=[people.messenger()], campaign_key=people.CAMPAIGN, by="bob"
    )
    with pytest.raises(ValidationError, match="steps"):
        services.set_status(part=part, status="sponsored", by="bob")


def test_it_moves_on_by_a_post() -> None:
    row = people.messenger()
    (part,) = services.involve(messengers=[row], campaign_key=people.CAMPAIGN, by="bob")
    post = services.add_post(
        messenger=row, campaign_key=people.CAMPAIGN, network="x", at=clock.now(), by="bob"
    )
    part.refresh_from_db()
    assert part.status == Status.POSTED
    services.set_status(part=part, status=Status.THANKED, by="bob")
    services.add_post(
        messenger=row, campaign_key=people.CAMPAIGN, network="tiktok", at=clock.now(), by="bob"
    )
    part.refresh_from_db()
    assert part.status == Status.THANKED
    services.delete_post(post=post)
    assert Post.objects.count() == 1


def test_it_keeps_messengers_of_a_group_that_goes() -> None:
    group = services.make_group(name="Aldair family", kind=Group.Kind.FAMILY)
    row = people.messenger(groups=(group.pk,))
    services.delete_group(group=group)
    assert queries.roster() == [row]


def test_it_refuses_a_second_group_of_a_name() -> None:
    services.make_group(name="River Choir", kind="coalition")
    with pytest.raises(ValidationError):
        services.make_group(name=" River  Choir ", kind="other")


def test_it_refuses_a_namesake_whom_nobody_could_tell_apart() -> None:
    row = people.messenger("Linh Nguyễn")
    with pytest.raises(ValidationError) as refused:
        services.add_messenger(person=Person(name="LINH  nguyễn"), by="ada")
    assert "name" in refused.value.message_dict
    services.archive(messenger=row)
    services.add_messenger(person=Person(name="Linh Nguyễn"), by="ada")
