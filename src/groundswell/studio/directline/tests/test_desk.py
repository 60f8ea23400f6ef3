"""The direct line's desk: told, found, changed, done, erased and taken away by those who may."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from groundswell.base import clock
from groundswell.directline import services
from groundswell.directline.models import Entry
from groundswell.directline.tests.conversations import SENATOR, draft
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.directory.tests import scene
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "way": "meeting",
    "at": "2026-11-02T15:00",
    "targets": "[]",
    "theirs": "Pim Oduya, policy adviser",
    "ours": "Yara Bell",
    "campaign": "",
    "asked": "Will the senator speak before the vote?",
    "said": "Not before the hearing.",
    "next_step": "",
    "due_on": "",
    "owner": "",
}


@pytest.fixture
def bob(db: None) -> Client:
    desk.furnish()
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def person(name: str) -> Any:
    return get_user_model().objects.get(username=name)


def log(client: Client, **changes: Any) -> Entry:
    answer = client.post("/direct-line/new/", FORM | changes)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return Entry.objects.order_by("-pk")[0]


def html(client: Client, address: str, **data: Any) -> str:
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def today() -> date:
    return timezone.localtime(clock.now(), timezone.get_default_timezone()).date()


def test_it_begins_empty_and_says_what_for(bob: Client) -> None:
    assert "No conversation has been logged yet." in html(bob, "/direct-line/")
    assert "Yara" not in html(bob, "/direct-line/new/")


def test_it_logs_a_conversation_and_shows_it(bob: Client) -> None:
    entry = log(bob, said="Not before <script>alert(1)</script> the hearing.")
    shown = html(bob, f"/direct-line/{entry.key}/")
    assert "Pim Oduya, policy adviser" in shown
    assert "Not before &lt;script&gt;alert(1)&lt;/script&gt; the hearing." in shown
    assert "Pim Oduya" in html(bob, "/direct-line/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"way": ""}, "Say whether it was a meeting"),
        ({"at": ""}, "Say on which day and at what time."),
        ({"at": "yesterday"}, "This is no day and time."),
        ({"at": "2999-01-01T10:00"}, "This is in the future."),
        ({"theirs": ""}, "Say whom you spoke with"),
        ({"asked": "", "said": ""}, "Write what was asked or what was said"),
        ({"due_on": "2026-12-01"}, "Say what is due on that day."),
        ({"due_on": "soon", "next_step": "x"}, "This is no day."),
        ({"targets": '["xx/nobody"]'}, "The directory knows nobody of this key: xx/nobody."),
        ({"targets": "{nonsense"}, "Say whom you spoke with"),
        ({"campaign": "no-such"}, "Select a valid choice"),
        ({"said": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_it_names_what_is_wrong_and_keeps_what_was_typed(
    bob: Client, wrong: dict[str, str], words: str
) -> None:
    given = FORM | wrong | ({"theirs": ""} if "targets" in wrong else {})
    answer = bob.post("/direct-line/new/", given)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert words in shown
    assert "Yara Bell" in shown
    assert not Entry.objects.exists()


def test_it_finds_words_without_putting_them_into_the_address(bob: Client) -> None:
    entry, other = log(bob), log(bob, theirs="Ilse Marten", said="Yes.")
    shown = html(bob, "/direct-line/", q="marten yes")
    assert str(other.key) in shown
    assert str(entry.key) not in shown
    assert 'method="post"' in shown
    assert "No conversation fits this." in html(bob, "/direct-line/", q="unheard-of")


def test_it_pages_and_bears_nonsense(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(52):
        services.tell(by=person("bob"), draft=draft(parties=[], theirs=f"No. {number}."))
    first = html(bob, "/direct-line/")
    assert "No. 51." in first
    assert "No. 1." not in first
    after = first.split('name="after" value="')[1].split('"')[0]
    assert "No. 1." in html(bob, "/direct-line/", after=after)
    for query in ("?after=x&way=smoke&campaign=y&since=z", "?target=nobody&steps=maybe"):
        assert bob.get("/direct-line/" + query).status_code == 200


def test_it_ties_a_conversation_to_the_directory(bob: Client) -> None:
    scene.load()
    begun = html(bob, f"/direct-line/new/?target={scene.MARIA}")
    assert f"[&quot;{scene.MARIA}&quot;]" in begun
    entry = log(bob, theirs="", targets=json.dumps([scene.MARIA, scene.MINISTRY]))
    log(bob)
    shown = html(bob, f"/direct-line/?target={scene.MARIA}")
    assert str(entry.key) in shown
    assert shown.count("/direct-line/new/?target=") == 1
    assert len(Entry.objects.filter(parties__target=scene.MARIA)) == 1
    assert f"/direct-line/?target={scene.MARIA}" in html(bob, f"/directory/who/{scene.MARIA}/")


def test_it_keeps_whom_the_directory_has_forgotten(bob: Client) -> None:
    entry = services.tell(by=person("bob"), draft=draft())
    assert "Maria Cantwell" in html(bob, f"/direct-line/?target={SENATOR[0]}")
    changed = FORM | {"targets": json.dumps([SENATOR[0]]), "version": "1"}
    assert bob.post(f"/direct-line/{entry.key}/change/", changed).status_code == 302
    assert [party.name for party in entry.parties.all()] == [SENATOR[1]]


def test_it_changes_and_keeps_the_history(bob: Client) -> None:
    entry = log(bob)
    form = html(bob, f"/direct-line/{entry.key}/change/")
    assert "Not before the hearing." in form
    changed = FORM | {"said": "They agreed.", "version": "1"}
    assert bob.post(f"/direct-line/{entry.key}/change/", changed).status_code == 302
    shown = html(bob, f"/direct-line/{entry.key}/")
    assert "<del><bdi>Not before the hearing.</bdi></del>" in shown
    assert "<ins><bdi>They agreed.</bdi></ins>" in shown


def test_it_loses_nothing_when_two_change_at_once(bob: Client) -> None:
    dora = desk.client_of(roles.CAMPAIGNERS, name="dora")
    entry = log(bob)
    address = f"/direct-line/{entry.key}/change/"
    assert dora.post(address, FORM | {"said": "Dora's words.", "version": "1"}).status_code == 302
    answer = bob.post(address, FORM | {"said": "Bob's words.", "version": "1"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Dora&#x27;s words." in shown
    assert "Bob&#x27;s words." in shown
    assert 'name="version" value="2"' in shown
    assert bob.post(address, FORM | {"said": "Both.", "version": "2"}).status_code == 302
    assert "Dora&#x27;s words." in html(bob, f"/direct-line/{entry.key}/")


def test_it_shows_next_steps_on_home_to_whom_they_belong(bob: Client) -> None:
    step = {"next_step": "Send Pim the brief", "owner": str(person("bob").pk)}
    late = log(bob, **step, due_on=str(today() - timedelta(days=2)))
    log(bob, **step | {"next_step": "Far away"}, due_on=str(today() + timedelta(days=30)))
    shown = html(bob, "/")
    assert "Your next steps" in shown
    assert "Send Pim the brief" in shown
    assert "Overdue" in shown
    assert "Far away" not in shown
    dora = desk.client_of(roles.CAMPAIGNERS, name="dora")
    assert "Send Pim the brief" not in html(dora, "/")
    done = bob.post(f"/direct-line/{late.key}/done/", {"back": "home"})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert "Send Pim the brief" not in html(bob, "/")


def test_it_erases_only_with_the_word(bob: Client) -> None:
    entry = log(bob)
    address = f"/direct-line/{entry.key}/erase/"
    assert bob.post(address, {"word": "yes"}).status_code == 422
    assert bob.post(address, {"word": "Erase"}).status_code == 302
    shown = html(bob, f"/direct-line/{entry.key}/")
    assert "What was said here has been erased." in shown
    assert "Pim" not in shown
    assert AuditEntry.objects.get().action == audit.LOG_ERASE
    assert bob.get(f"/direct-line/{entry.key}/change/").status_code == 302


def test_it_exports_what_is_shown_and_writes_it_down(bob: Client) -> None:
    log(bob, said='=HYPERLINK("http://x")', theirs="@Pim")
    log(bob, way="call", said="Another.")
    answer = bob.post("/direct-line/export/", {"format": "csv", "way": "meeting", "q": "pim"})
    (row,) = csv.DictReader(StringIO(answer.getvalue().decode()))
    assert row["said"] == '\'=HYPERLINK("http://x")'
    assert row["theirs"] == "'@Pim"
    (entry,) = AuditEntry.objects.all()
    assert (entry.organiser, entry.action) == ("bob", audit.LOG_EXPORT)
    assert entry.detail == "format=csv narrowed by=q,way"
    whole = bob.post("/direct-line/export/", {"format": "json"})
    found = json.loads(whole.getvalue())
    assert [one["said"] for one in found["entries"]] == ["Another.", '=HYPERLINK("http://x")']
    assert found["entries"][1]["when"] == "2026-11-02T15:00:00Z"
    assert bob.get("/direct-line/export/").status_code == 405


def test_it_refuses_moderators_everywhere(bob: Client) -> None:
    entry = log(bob)
    mona = desk.client_of(roles.MODERATORS, name="mona")
    for address in ("", "new/", f"{entry.key}/", f"{entry.key}/change/", f"{entry.key}/erase/"):
        refused = mona.get(f"/direct-line/{address}")
        assert refused.status_code == 403
        assert "This is not part of your role." in refused.content.decode()
    for address in ("export/", f"{entry.key}/done/"):
        assert mona.post(f"/direct-line/{address}", {"format": "json"}).status_code == 403
    assert "direct-line" not in html(mona, "/")
    assert not AuditEntry.objects.exists()


def test_it_lets_who_only_reads_read(bob: Client) -> None:
    entry = log(bob)
    rita = desk.organiser(roles.MODERATORS, name="rita")
    rita.user_permissions.set([_permission("read_log")])
    client = Client()
    client.force_login(rita)
    shown = html(client, f"/direct-line/{entry.key}/")
    assert "Pim Oduya" in shown
    assert "/change/" not in shown
    assert client.get("/direct-line/new/").status_code == 403


def test_it_finds_nothing_under_a_foreign_key(bob: Client) -> None:
    nobody = UUID(int=7)
    for address in ("", "change/", "erase/"):
        assert bob.get(f"/direct-line/{nobody}/{address}").status_code == 404
    assert bob.post(f"/direct-line/{nobody}/done/").status_code == 404


def _permission(codename: str) -> Any:
    return Permission.objects.get(content_type__app_label="directline", codename=codename)


def test_it_reads_times_where_the_organisation_is(bob: Client) -> None:
    entry = log(bob)
    here = datetime(2026, 11, 2, 15, 0, tzinfo=timezone.get_default_timezone())
    assert entry.at == here.astimezone(UTC)
