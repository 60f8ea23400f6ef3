"""Who may open what: every address of the desk, for every role and for nobody."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from groundswell.people.tests import factories
from groundswell.studio import roles
from groundswell.studio.audit import urls as audit_urls
from groundswell.studio.home import urls as home_urls
from groundswell.studio.home.tests import desk
from groundswell.studio.supporters import urls as supporters_urls

pytestmark = pytest.mark.django_db
ALL: Final[list[URLPattern]] = [
    *home_urls.urlpatterns,
    *supporters_urls.urlpatterns,
    *audit_urls.urlpatterns,
]
ADMINISTRATOR, CAMPAIGNER, MODERATOR = roles.ADMINISTRATORS, roles.CAMPAIGNERS, roles.MODERATORS
NOBODY: Final = "nobody"
# What GET answers: (administrator, moderator, campaigner). A new address must be added here.
EXPECTED: Final[dict[str, tuple[int, int, int]]] = {
    "desk_live": (200, 200, 200),
    "desk_action": (200, 200, 200),
    "desk_action_live": (200, 200, 200),
    "desk_supporters": (200, 200, 403),
    "desk_find": (302, 302, 403),
    "desk_export": (200, 403, 403),
    "desk_supporter": (200, 200, 404),
    "desk_resend": (405, 405, 405),
    "desk_withdraw": (200, 200, 404),
    "desk_erase": (200, 200, 404),
    "desk_audit": (200, 200, 403),
}
POSTED: Final[dict[str, tuple[int, int, int]]] = {
    "desk_find": (422, 422, 403),
    "desk_export": (422, 403, 403),
    "desk_resend": (302, 302, 404),
    "desk_withdraw": (422, 422, 404),
    "desk_erase": (422, 422, 404),
}


@dataclass(frozen=True)
class Scene:
    page_key: UUID
    submission_id: UUID

    def address(self, pattern: URLPattern, submission_id: UUID | None = None) -> str:
        ids = {"page_key": self.page_key, "id": submission_id or self.submission_id}
        converters = pattern.pattern.converters
        text = str(pattern.pattern)
        for name in converters:
            text = text.replace(f"<uuid:{name}>", str(ids[name]))
        return f"/{text}"


@pytest.fixture
def scene() -> Scene:
    desk.furnish()
    page = desk.make_page()
    row = factories.add_one(page_key=page.page_key)
    return Scene(page.page_key, row.submission_id)


def browser(role: str) -> Client:
    return Client() if role == NOBODY else desk.client_of(role)


def test_it_has_an_expectation_for_every_address() -> None:
    assert {pattern.name for pattern in ALL} == EXPECTED.keys()


@pytest.mark.parametrize("pattern", ALL, ids=lambda pattern: str(pattern.name))
@pytest.mark.parametrize("role", [ADMINISTRATOR, MODERATOR, CAMPAIGNER, NOBODY])
def test_it_opens_only_what_the_role_includes(scene: Scene, pattern: URLPattern, role: str) -> None:
    answer = browser(role).get(scene.address(pattern))
    if role == NOBODY:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")
        return
    place = [ADMINISTRATOR, MODERATOR, CAMPAIGNER].index(role)
    assert answer.status_code == EXPECTED[str(pattern.name)][place]


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("role", [ADMINISTRATOR, MODERATOR, CAMPAIGNER])
def test_it_takes_forms_only_from_who_may_send_them(scene: Scene, name: str, role: str) -> None:
    (pattern,) = (pattern for pattern in ALL if pattern.name == name)
    answer = browser(role).post(scene.address(pattern))
    place = [ADMINISTRATOR, MODERATOR, CAMPAIGNER].index(role)
    assert answer.status_code == POSTED[name][place]


@pytest.mark.parametrize("role", [ADMINISTRATOR, MODERATOR, CAMPAIGNER])
def test_it_does_not_tell_whether_somebody_took_part(scene: Scene, role: str) -> None:
    client = browser(role)
    for pattern in ALL:
        if "id" not in pattern.pattern.converters or pattern.name == "desk_resend":
            continue
        unknown = client.get(scene.address(pattern, uuid4()))
        assert unknown.status_code == 404
        if role == CAMPAIGNER:
            known = client.get(scene.address(pattern))
            assert known.status_code == 404
            assert known.content == unknown.content


@pytest.mark.parametrize("name", POSTED)
def test_it_refuses_forms_from_elsewhere(scene: Scene, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.organiser(ADMINISTRATOR))
    (pattern,) = (pattern for pattern in ALL if pattern.name == name)
    assert client.post(scene.address(pattern)).status_code == 403


def test_it_shows_only_what_the_role_may_use(scene: Scene) -> None:
    menus = {role: browser(role).get("/").content.decode() for role in roles.ALL}
    assert '"/supporters/"' in menus[MODERATOR]
    assert '"/audit/"' in menus[MODERATOR]
    assert '"/supporters/"' not in menus[CAMPAIGNER]
    assert '"/audit/"' not in menus[CAMPAIGNER]
    lists = {role: browser(role).get("/supporters/").content.decode() for role in roles.ALL}
    assert "/supporters/export/" in lists[ADMINISTRATOR]
    assert "/supporters/export/" not in lists[MODERATOR]
    assert "This is not part of your role." in lists[CAMPAIGNER]
