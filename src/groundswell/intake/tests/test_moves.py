"""A page that was given another address: nobody who has the old one is turned away."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, Intake

OLD = "/en/brooks/sign/"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = site.make_folder(tmp_path_factory.mktemp("moved"))
    write_moves(folder, {OLD: PATH, "/en/circle/": "/en/nowhere/"})
    with site.intake(folder) as running:
        yield running


def write_moves(folder: Path, moves: dict[str, str]) -> None:
    (folder / "site" / "redirects.json").write_text(json.dumps(moves))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [OLD, OLD.rstrip("/")])
def test_it_leads_from_an_old_address_to_the_new_one(moved: Intake, method: str, path: str) -> None:
    answer = moved.request(method, f"{path}?s=poster&t=A%2BB")
    assert answer.status == 301
    assert answer.headers["location"] == f"{PATH}?s=poster&t=A%2BB"
    assert "nosniff" in answer.headers["x-content-type-options"]


def test_it_lets_no_cache_give_a_redirect_with_a_query_to_others(moved: Intake) -> None:
    """Some keep answers under the path alone, and the links in our mails have a token."""
    assert moved.get(f"{OLD}?t=mine").headers["cache-control"] == "no-store"
    assert moved.get(OLD).headers["cache-control"] == "public, max-age=300"


def test_it_stores_a_form_that_was_open_while_its_page_moved(moved: Intake) -> None:
    answer = moved.form(GOOD, f"{OLD}?s=poster")
    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}thanks/")
    [stored] = moved.stored()
    assert (stored.fields, stored.source) == (GOOD, "poster")


def test_it_names_errors_on_a_form_that_was_open_while_its_page_moved(moved: Intake) -> None:
    answer = moved.form({**GOOD, "email": "nonsense"}, OLD)
    assert answer.status == 422
    assert "That is not an e-mail address." in answer.text


def test_it_says_that_nothing_is_here_where_nothing_ever_was(moved: Intake) -> None:
    assert moved.get("/en/rills/sign/").status == 404
    assert moved.form(GOOD, "/en/rills/sign/").status == 404
    assert moved.form(GOOD, "/en/circle/").status == 404


def test_it_keeps_the_moves_it_knows_when_the_list_is_damaged(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    write_moves(tmp_path, {OLD: PATH})
    with site.intake(tmp_path) as door:
        (tmp_path / "site" / "redirects.json").write_text("{broken")
        site.write_page(tmp_path, "/en/", "<h1>changed</h1>")
        site.touch_generation(tmp_path)
        site.wait_until(lambda: door.get("/en/").text == "<h1>changed</h1>", seconds=20)
        assert door.get(OLD).status == 301
