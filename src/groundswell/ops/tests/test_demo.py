from pathlib import Path
from types import SimpleNamespace

import pytest

from groundswell.campaigns import publish_files
from groundswell.campaigns.models import OpenLetterPage, Signatory, TextRevision
from groundswell.campaigns.pack import Site
from groundswell.messengers import approval, services_statements
from groundswell.messengers.models import Involvement, Messenger, Profile, Statement, TrackedLink
from groundswell.ops import demo_content, demo_reach_pages, organisers
from groundswell.studio import bootstrap


@pytest.fixture(autouse=True)
def _home(
    db: None, tmp_path: Path, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_files, "site", lambda: Site(tmp_path / "site"))
    # Whom the demo writes to takes seconds to load and is not what this is about.
    monkeypatch.setattr(demo_reach_pages, "LOADED", ())
    settings.MEDIA_ROOT = str(tmp_path / "media")
    bootstrap.furnish()


def test_it_puts_five_messengers_into_the_campaign() -> None:
    assert demo_content.load()

    assert Messenger.objects.count() == Involvement.objects.count() == 5
    assert set(Involvement.objects.values_list("status", flat=True)) > {"invited", "agreed"}


def test_it_writes_texts_that_could_be_posted() -> None:
    demo_content.load()

    for statement in Statement.objects.all():
        against = approval.problems(services_statements.newest(statement))
        # What an organiser still has to do in the demo is to say where a fact stands.
        assert all(one.field == "claims" for one in against), (statement, against)
    assert TrackedLink.objects.count() == Statement.objects.count()


def test_it_invents_accounts_that_say_so() -> None:
    demo_content.load()

    handles = Profile.objects.values_list("handle", flat=True)
    assert all("demo" in handle.lower() or "example" in handle for handle in handles)


def test_it_publishes_an_open_letter_in_both_languages() -> None:
    assert demo_content.load()

    assert {page.language for page in OpenLetterPage.objects.live()} == {"en", "ar"}
    assert set(TextRevision.objects.values_list("language", "number")) == {("en", 1), ("ar", 1)}


def test_it_has_three_sign_the_letter_and_waits_for_one() -> None:
    organisers.make(username="demo", email="demo@example.org", role="administrator")

    demo_content.load()

    states = list(Signatory.objects.order_by("position").values_list("state", "revision"))
    assert states == [*[("signed", 1)] * 3, ("invited", None)]
