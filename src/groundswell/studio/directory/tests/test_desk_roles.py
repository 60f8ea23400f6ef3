"""Who may open what of the directory and of delivery: every address, every role, and nobody."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import URLPattern

from groundswell.delivery.inbox import replies
from groundswell.delivery.models import Parcel, Reply
from groundswell.directory import services
from groundswell.directory.lists import Rule
from groundswell.directory.models import ImportRow
from groundswell.studio import roles
from groundswell.studio.delivery import urls as delivery_urls
from groundswell.studio.delivery.tests import scene as letters
from groundswell.studio.directory import urls as directory_urls
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import MARIA
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
ALL: Final[list[URLPattern]] = [*directory_urls.urlpatterns, *delivery_urls.urlpatterns]
ROLES: Final = (roles.ADMINISTRATORS, roles.MODERATORS, roles.CAMPAIGNERS)
EVERYBODY: Final = (200, 200, 200)
POSTS_ONLY: Final = (405, 405, 405)
# What GET answers: (administrator, moderator, campaigner). A new address must be added here.
EXPECTED: Final[dict[str, tuple[int, int, int]]] = {
    "desk_directory": EVERYBODY,
    "desk_directory_search": EVERYBODY,
    "desk_directory_changes": EVERYBODY,
    "desk_directory_one": EVERYBODY,
    "desk_directory_contact": EVERYBODY,
    "desk_directory_correct": EVERYBODY,
    "desk_directory_add": EVERYBODY,
    "desk_directory_standing": POSTS_ONLY,
    "desk_directory_checked": POSTS_ONLY,
    "desk_directory_editions": EVERYBODY,
    "desk_directory_undo": (200, 403, 403),
    "desk_directory_refused": EVERYBODY,
    "desk_directory_import": (200, 403, 200),
    "desk_directory_import_check": (302, 403, 302),
    "desk_directory_import_broken": (404, 403, 404),
    "desk_directory_lists": EVERYBODY,
    "desk_directory_list_new": (200, 403, 200),
    "desk_directory_list": (200, 403, 200),
    "desk_directory_list_delete": (200, 403, 200),
    "desk_directory_list_preview": POSTS_ONLY,
    "desk_delivery": EVERYBODY,
    "desk_delivery_live": EVERYBODY,
    "desk_delivery_report": EVERYBODY,
    "desk_delivery_report_live": EVERYBODY,
    "desk_delivery_messages": EVERYBODY,
    "desk_delivery_message": EVERYBODY,
    "desk_delivery_csv": EVERYBODY,
    "desk_delivery_handover": (200, 403, 403),
    "desk_delivery_handover_file": POSTS_ONLY,
    "desk_delivery_pause": EVERYBODY,
    "desk_delivery_pause_campaign": EVERYBODY,
    "desk_delivery_resume": POSTS_ONLY,
    "desk_delivery_resume_campaign": POSTS_ONLY,
    "desk_delivery_hold": EVERYBODY,
    "desk_delivery_release": EVERYBODY,
    "desk_delivery_again": EVERYBODY,
    "desk_delivery_again_one": POSTS_ONLY,
    "desk_delivery_replies": (200, 200, 403),
    "desk_delivery_reply": (200, 200, 403),
}
# What POST without data answers where roles differ.
POSTED: Final[dict[str, tuple[int, int, int]]] = {
    "desk_directory_undo": (302, 403, 403),
    "desk_directory_import": (422, 403, 422),
    "desk_directory_import_check": (302, 403, 302),
    "desk_directory_list_new": (422, 403, 422),
    "desk_directory_list": (422, 403, 422),
    "desk_directory_list_delete": (302, 403, 302),
    "desk_directory_list_preview": (200, 403, 200),
    "desk_delivery_handover_file": (404, 403, 403),
}
HELD: Final = ("desk_delivery_hold", "desk_delivery_release")


@pytest.fixture
def address() -> Callable[[URLPattern], str]:
    sent = letters.make()
    (parcel,) = sent.send(1)
    edition = scene.load()
    ImportRow.objects.create(edition=edition, number=1, problem="broken")
    replies.store(parcel, b"Subject: Thank you\r\n\r\nThank you.", automatic=False)
    row = services.create_list(name="All", rule=Rule(kinds=("senate",)), by="alice")
    ids = {
        "desk_directory_contact": scene.contact(f"{MARIA}#voice").pk,
        "desk_directory_standing": scene.contact(f"{MARIA}#voice").pk,
        "desk_directory_undo": edition.pk,
        "desk_directory_refused": edition.pk,
        "desk_directory_list": row.pk,
        "desk_directory_list_delete": row.pk,
        "desk_delivery_reply": Reply.objects.get().pk,
    }

    def fill(pattern: URLPattern) -> str:
        key: Any = MARIA if pattern in directory_urls.urlpatterns else Parcel.objects.get().key
        text = f"/{pattern.pattern}".replace("<path:key>", str(key)).replace("<uuid:key>", str(key))
        text = text.replace("<int:id>", str(ids.get(str(pattern.name), 0)))
        text = text.replace("<uuid:page_key>", str(sent.page_key))
        text = text.replace("<uuid:campaign_key>", str(sent.campaign.translation_key))
        one = str(pattern.name) in {"desk_delivery_handover", *HELD}
        return f"{text}?target={letters.SENATOR}" if one else text

    return fill


def test_it_has_an_expectation_for_every_address() -> None:
    assert {pattern.name for pattern in ALL} == EXPECTED.keys()


@pytest.mark.parametrize("role", ROLES)
def test_it_opens_only_what_the_role_includes(
    address: Callable[[URLPattern], str], role: str
) -> None:
    client = desk.client_of(role)
    place = ROLES.index(role)
    got = {str(one.name): client.get(address(one)).status_code for one in ALL}
    assert got == {name: codes[place] for name, codes in EXPECTED.items()}


@pytest.mark.parametrize("role", ROLES)
def test_it_takes_forms_only_from_who_may_send_them(
    address: Callable[[URLPattern], str], role: str
) -> None:
    client = desk.client_of(role)
    place = ROLES.index(role)
    some = sorted(
        (one for one in ALL if one.name in POSTED),
        key=lambda one: one.name == "desk_directory_list_delete",
    )
    got = {str(one.name): client.post(address(one)).status_code for one in some}
    assert got == {name: codes[place] for name, codes in POSTED.items()}


def test_it_shows_a_stranger_the_login_page(address: Callable[[URLPattern], str]) -> None:
    for pattern in ALL:
        answer = Client().get(address(pattern))
        assert answer.status_code == 302, pattern.name
        assert answer["Location"].startswith("/login/"), pattern.name


def test_it_refuses_who_has_no_role_for_it(address: Callable[[URLPattern], str]) -> None:
    """An organiser whose role was narrowed gets the page that says so, and no menu item."""
    person = desk.organiser(roles.CAMPAIGNERS, name="bob")
    role = person.groups.get()
    for name in ("see_directory", "correct_directory", "build_lists", "import_directory",
                 "see_delivery", "steer_delivery"):  # fmt: skip
        role.permissions.remove(role.permissions.get(codename=name))
    client = Client()
    client.force_login(person)
    home = client.get("/").content.decode()
    assert '"/directory/"' not in home
    assert '"/delivery/"' not in home
    for pattern in ALL:
        if EXPECTED[str(pattern.name)] == POSTS_ONLY:
            continue
        answer = client.get(address(pattern))
        assert answer.status_code == 403, pattern.name
        assert "This is not part of your role." in answer.content.decode(), pattern.name


def test_it_puts_both_desks_on_the_menu(address: Callable[[URLPattern], str]) -> None:
    home = desk.client_of(roles.CAMPAIGNERS).get("/").content.decode()
    assert '"/directory/"' in home
    assert '"/delivery/"' in home


def test_it_refuses_forms_from_elsewhere(address: Callable[[URLPattern], str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.organiser(roles.ADMINISTRATORS))
    for pattern in ALL:
        if EXPECTED[str(pattern.name)] == POSTS_ONLY or pattern.name in POSTED:
            assert client.post(address(pattern)).status_code == 403, pattern.name
