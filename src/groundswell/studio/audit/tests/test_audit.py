"""The audit log: organisers read it, nobody writes over it, and no supporter is in it."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

import groundswell
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.people.tests import factories
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
ROOT = Path(groundswell.__file__).parent


@pytest.fixture
def client() -> Client:
    desk.furnish()
    return desk.client_of(roles.MODERATORS, name="mo")


def test_it_says_that_nobody_has_looked_yet(client: Client) -> None:
    html = client.get("/audit/").content.decode()
    assert "Nothing has been done that is written down here." in html


def test_it_shows_who_did_what_the_newest_first(client: Client) -> None:
    row = factories.add_one(page_key=desk.make_page().page_key)
    client.get("/supporters/")
    client.get(f"/supporters/{row.submission_id}/")
    client.post(f"/supporters/{row.submission_id}/erase/", {"word": "erase"})
    html = client.get("/audit/").content.decode()
    places = [
        html.index(f'">{words}</td>')
        for words in ("Erased a supporter", "Looked at a supporter", "Looked through the list")
    ]
    assert places == sorted(places)
    assert f"/supporters/{row.submission_id}/" in html


def test_it_filters(client: Client) -> None:
    first, second = (factories.add_one(page_key=desk.make_page(title=t).page_key) for t in "ab")
    for row in (first, second):
        audit.record(by=desk.organiser(roles.MODERATORS), action=audit.VIEW,
                     participation=row.submission_id)  # fmt: skip
    audit.record(by=desk.organiser(roles.ADMINISTRATORS), action=audit.EXPORT, detail="all")

    def rows(query: str) -> int:
        return client.get(f"/audit/?{query}").content.decode().count('<th scope="row"><time')

    assert rows("") == 3
    assert rows("action=view") == 2
    assert rows("organiser=administrator") == 1
    assert rows(f"participation={first.submission_id}") == 1
    assert rows("action=erase") == 0
    assert rows("participation=nonsense&before=x&action=none") == 3


def test_it_tells_a_page_from_a_participation(client: Client) -> None:
    by = desk.organiser(roles.MODERATORS)
    key = uuid4()
    audit.record(by=by, action=audit.PAUSE, about=key.hex)
    audit.record(by=by, action=audit.CORRECT, about="us/C000127", detail="office <b>phone</b>")
    html = client.get("/audit/").content.decode()
    assert f"/supporters/{key}/" not in html
    assert key.hex in html
    assert "us/C000127" in html
    assert "office &lt;b&gt;phone&lt;/b&gt;" in html
    assert "Corrected a decision maker&#x27;s details" in html


def test_it_pages(client: Client) -> None:
    by = desk.organiser(roles.MODERATORS)
    for _ in range(51):
        audit.record(by=by, action=audit.LIST)
    html = client.get("/audit/?action=list").content.decode()
    assert html.count('<th scope="row"><time') == 50
    assert "?action=list&amp;before=" in html


def test_it_holds_no_personal_data(client: Client) -> None:
    fields = {
        "given_name": "Zebulon", "family_name": "Quux", "email": "zebulon@quux.example",
        "comment": "Xyzzy", "postcode": "ZZ9 9ZZ",
    }  # fmt: skip
    row = factories.add_one(page_key=desk.make_page().page_key, fields=fields, consents=["news"])
    admin = desk.client_of(roles.ADMINISTRATORS)
    one = f"/supporters/{row.submission_id}/"
    admin.get("/supporters/?state=pending")
    admin.get(one)
    admin.post("/supporters/find/", {"email": "zebulon@quux.example"})
    export = admin.post(
        "/supporters/export/", {"clear": ["id"], "personal": ["email"], "consents": ["news"]}
    )
    assert b"zebulon@quux.example" in export.getvalue()
    admin.post(f"{one}resend/")
    admin.post(f"{one}withdraw/", {"reason": "asked"})
    admin.post(f"{one}erase/", {"word": "erase"})
    entries = list(AuditEntry.objects.all())
    assert {entry.action for entry in entries} == {*audit.ACTIONS} - {
        audit.REINJECT,
        audit.RETENTION,
        *audit.DESKS,
    }
    text = " ".join(f"{e.organiser} {e.action} {e.object} {e.detail}" for e in entries).lower()
    for value in fields.values():
        assert value.lower() not in text


def changes_to_the_log(source: str) -> list[str]:
    """Calls in a module that could change or remove entries of the audit log."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            risky = node.func.attr in {
                "update", "delete", "save", "bulk_update", "update_or_create", "get_or_create",
            }  # fmt: skip
            if risky and "AuditEntry" in call:
                found.append(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.lower()
            if "people_auditentry" in text and ("update" in text or "delete" in text):
                found.append(node.value)
    return found


def test_it_is_written_once_and_never_changed() -> None:
    left_out = {"tests", "migrations"}
    modules = [path for path in ROOT.rglob("*.py") if not left_out & set(path.parts)]
    assert len(modules) > 50
    found = {path.name: changes_to_the_log(path.read_text()) for path in modules}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_that_check_would_see_a_change() -> None:
    assert changes_to_the_log("AuditEntry.objects.filter(id=1).delete()")
    assert changes_to_the_log("cursor.execute('DELETE FROM people_auditentry')")
    assert not changes_to_the_log("AuditEntry.objects.create(action='x')")
