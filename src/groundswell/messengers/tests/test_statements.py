"""A text's life: versions, claims and their sources, our yes, their yes, remarks."""

from datetime import UTC, datetime

import pytest

from groundswell.messengers import queries_statements as queries
from groundswell.messengers import services_copies
from groundswell.messengers import services_statements as services
from groundswell.messengers.approval import Changed, NotReady
from groundswell.messengers.models import Approval, Claim, Side, Statement, TrackedLink
from groundswell.messengers.services_copies import Place
from groundswell.messengers.services_statements import Content, Times
from groundswell.messengers.tests import people, texts
from groundswell.messengers.tests.texts import BY, CAMPAIGN, PAGE, PLAIN

pytestmark = pytest.mark.django_db

CLAIM = "The river lost 40% of its fish. Please sign."


def claims(one: Statement) -> list[Claim]:
    return list(Claim.objects.filter(version=services.newest(one)))


def test_it_keeps_every_wording() -> None:
    one = texts.text("First.")
    texts.save(one, "Second.", edit=0)

    assert [row.text for row in one.versions.order_by("number")] == ["First.", "Second."]


def test_it_makes_no_version_of_the_same_words() -> None:
    one = texts.text("First.")
    texts.save(one, "First.", edit=0)

    assert one.versions.count() == 1


def test_it_makes_a_version_when_only_the_disclosure_or_the_link_changes() -> None:
    one = texts.text("First.", owner=texts.mira())
    texts.save(one, "First.", edit=0, disclosure="Advertisement")
    one.link_id = texts.link(one.messenger).pk
    texts.save(one, "First.", edit=1, disclosure="Advertisement")

    assert [(row.disclosure, row.link_code) for row in one.versions.order_by("number")] == [
        ("", ""), ("Advertisement", ""), ("Advertisement", "x7p2"),
    ]  # fmt: skip


def test_it_takes_both_approvals_away_with_a_new_version() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira))
    services.approve(key=one.key, version=1, by=BY)
    services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")
    one.refresh_from_db()

    texts.save(one, "Other words, please sign {link}", edit=0)

    row = queries.row(key=one.key)
    assert row
    assert (row.state, row.ours, row.theirs) == ("draft", None, ())
    assert Approval.objects.filter(version__number=1).count() == 2


def test_it_keeps_the_approvals_when_only_the_times_change() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira))
    services.approve(key=one.key, version=1, by=BY)
    then = Times(suggested_at=datetime(2027, 1, 1, 18, tzinfo=UTC))
    one.refresh_from_db()
    services.save(
        key=one.key, edit=0, times=then, by=BY, content=Content(text=PLAIN, link_id=one.link_id)
    )

    (ready,) = queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN)
    assert (ready.state, ready.suggested_at) == ("waiting", then.suggested_at)
    assert ready.ours
    assert ready.changed_at > ready.ours.at


@pytest.mark.parametrize(
    ("words", "content", "field"),
    [
        (" ", {}, "text"),
        ("a" * 281, {}, "text"),
        ("a" * 270, {"disclosure": "Advertisement"}, "text"),
        ("Please sign {link}", {}, "link"),
        ("Look!", {"pictures": ((1, ""),)}, "pictures"),
        ("Look!", {"pictures": ((1, "A river."), (2, "a" * 1001))}, "pictures"),
    ],
)
def test_it_says_what_a_text_lacks(words: str, content: dict[str, object], field: str) -> None:
    one = texts.text("Draft.")
    version = one.versions.get()
    version.text = words
    for name, value in content.items():
        setattr(version, name, value)
    version.save()

    with pytest.raises(NotReady) as caught:
        services.approve(key=one.key, version=1, by=BY)

    assert [problem.field for problem in caught.value.problems] == [field]


def test_it_refuses_a_yes_to_a_retired_link() -> None:
    mira = texts.mira()
    link = texts.link(mira)
    one = texts.text(owner=mira, carrying=link)
    TrackedLink.objects.update(retired_at=one.made_at)

    with pytest.raises(NotReady) as caught:
        services.approve(key=one.key, version=1, by=BY)

    assert [problem.field for problem in caught.value.problems] == ["link"]


def test_it_wants_our_yes_before_theirs() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira))

    with pytest.raises(Changed):
        services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")


def test_it_takes_their_yes_back_with_ours() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira))
    services.approve(key=one.key, version=1, by=BY)
    services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")

    assert services.withdraw(key=one.key, version=1, by="alice")

    assert {row.withdrawn_by for row in Approval.objects.all()} == {"alice"}
    with pytest.raises(Changed):
        services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")


def test_it_can_be_approved_again_after_a_yes_was_taken_back() -> None:
    one = texts.text("Please sign.")
    services.approve(key=one.key, version=1, by=BY)
    services.withdraw(key=one.key, version=1, by=BY)
    services.approve(key=one.key, version=1, by="alice")

    row = queries.row(key=one.key)
    assert row
    assert row.ours
    assert row.ours.who == "alice"


def test_it_counts_a_button_pressed_twice_once() -> None:
    one = texts.text("Please sign.")
    first = services.approve(key=one.key, version=1, by=BY)

    assert services.approve(key=one.key, version=1, by="alice") == first


def test_it_shows_a_messenger_nothing_that_we_have_not_approved() -> None:
    mira = texts.mira()
    texts.text("Secret draft.", owner=mira)

    assert queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN) == []


def test_it_shows_a_messenger_nothing_of_another_or_of_another_campaign() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    for one in (texts.text("Theirs.", owner=other), texts.text("Else.", owner=mira, campaign=PAGE)):
        services.approve(key=one.key, version=1, by=BY)

    assert queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN) == []
    with pytest.raises(Changed):
        services.approve_theirs(
            key=Statement.objects.get(messenger=other).key, version=1, messenger_id=mira.pk, who="x"
        )


def test_it_shows_a_text_as_posted() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira), disclosure="Advertisement")
    services.approve(key=one.key, version=1, by=BY)

    (ready,) = queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN)

    assert ready.link.endswith("/k/x7p2")
    assert ready.text == f"Advertisement\nOur river needs you. Please sign {ready.link}"


def test_it_tells_a_messenger_that_a_text_is_being_revised_but_not_how() -> None:
    mira = texts.mira()
    one = texts.text(owner=mira, carrying=texts.link(mira))
    services.approve(key=one.key, version=1, by=BY)
    one.refresh_from_db()
    texts.save(one, "Not for their eyes.", edit=0)

    (ready,) = queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN)

    assert (ready.state, ready.text, ready.version, ready.link) == ("revising", "", 0, "")


def test_it_tells_a_messenger_how_the_text_read_before() -> None:
    mira = texts.mira()
    one = texts.text("First.", owner=mira)
    services.approve(key=one.key, version=1, by=BY)
    texts.save(one, "Never shown.", edit=0)
    texts.save(one, "Third.", edit=1)
    services.approve(key=one.key, version=3, by=BY)

    (ready,) = queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN)

    assert (ready.before, ready.text) == ("First.", "Third.")


def test_it_gives_each_messenger_their_own_link_in_a_text_for_all() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    one = texts.text(carrying=texts.link(None, "ours"))
    texts.link(mira, "hers")
    services.approve(key=one.key, version=1, by=BY)

    shown = {
        who.name: queries.for_messenger(messenger_id=who.pk, campaign_key=CAMPAIGN)[0].link
        for who in (mira, other)
    }

    assert [link.rpartition("/")[2] for link in shown.values()] == ["hers", "ours"]


def test_it_lets_each_messenger_approve_a_text_for_all_for_themselves() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    one = texts.text("Please sign.")
    services.approve(key=one.key, version=1, by=BY)
    services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")

    states = [
        queries.for_messenger(messenger_id=who.pk, campaign_key=CAMPAIGN)[0].state
        for who in (mira, other)
    ]

    assert states == ["approved", "waiting"]


def test_it_lets_nobody_read_what_was_said_to_another() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    one = texts.text("Please sign.")
    services.approve(key=one.key, version=1, by=BY)
    say = services.comment
    say(key=one.key, text="for all", side=Side.US, who=BY)
    say(key=one.key, text="ours", side=Side.US, who=BY, ours_alone=True)
    say(key=one.key, text="from Mira", side=Side.THEM, who="Ilo", messenger_id=mira.pk)
    say(key=one.key, text="to Mira", side=Side.US, who=BY, messenger_id=mira.pk)
    say(key=one.key, text="from Tomo", side=Side.THEM, who="Tomo", messenger_id=other.pk)

    def heard(messenger_id: int) -> list[str]:
        (ready,) = queries.for_messenger(messenger_id=messenger_id, campaign_key=CAMPAIGN)
        return [row.text for row in ready.comments]

    assert heard(mira.pk) == ["for all", "from Mira", "to Mira"]
    assert heard(other.pk) == ["for all", "from Tomo"]


def test_it_puts_a_text_away_and_back() -> None:
    mira = texts.mira()
    one = texts.text("Please sign.", owner=mira)
    services.approve(key=one.key, version=1, by=BY)

    assert services.put_away(key=one.key, by=BY)
    assert queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN) == []
    with pytest.raises(Changed):
        services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")
    assert services.bring_back(key=one.key)
    assert queries.for_messenger(messenger_id=mira.pk, campaign_key=CAMPAIGN)[0].state == "waiting"


def test_it_makes_a_text_for_many_with_a_link_for_each() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    places = [Place(who.pk, net, "en") for who in (mira, other) for net in ("x", "bluesky")]

    made = services_copies.copy(
        campaign_key=CAMPAIGN, content=Content(text=PLAIN), places=places, page_key=PAGE, by=BY
    )

    assert len(made.fresh) == 4
    links = {one.link_id for one in Statement.objects.all()}
    assert len(links) == 4
    again = services_copies.copy(
        campaign_key=CAMPAIGN, content=Content(text=PLAIN), places=places, page_key=PAGE, by=BY
    )
    assert (again.fresh, len(again.known)) == ([], 4)


def test_it_takes_each_messengers_own_disclosure() -> None:
    mira = texts.mira()
    mira.involvements.update(disclosure="Unpaid partnership")

    made = services_copies.copy(
        campaign_key=CAMPAIGN, content=Content(text="Sign.", disclosure="Ad"), by=BY,
        places=[Place(mira.pk, "x", "en"), Place(None, "x", "en")],
    )  # fmt: skip

    assert [one.disclosure for one in made.fresh] == ["Unpaid partnership", "Ad"]


def test_it_keeps_no_remark_on_a_text_that_is_not_theirs() -> None:
    mira, other = texts.mira(), people.messenger("Tomo Vale")
    one = texts.text("Please sign.", owner=mira)

    said = services.comment(
        key=one.key, text="Hello", side=Side.THEM, who="Tomo", messenger_id=other.pk
    )

    assert said is None
    assert services.comment(key=one.key, text=" ", side=Side.US, who=BY) is None
