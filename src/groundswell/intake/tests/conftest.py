"""One running intake for the tests that only talk to it."""

from collections.abc import Iterator

import pytest

from groundswell.base.wire import ConsentSpec, FieldSpec
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake

LINK = (FieldSpec("t", "token", required=True),)


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """An intake with an open form, a closed one, one yet to open, and one that demands consent."""
    folder = site.make_folder(
        tmp_path_factory.mktemp("door"),
        site.spec(),
        site.spec(page="c" * 32, path="/en/closed/", done="/en/closed/thanks/", closes=1),
        site.spec(page="d" * 32, path="/ar/later/", lang="ar", opens=32_503_680_000_000),
        site.spec(
            page="e" * 32,
            path="/en/strict/",
            consents=(ConsentSpec("terms", ("v1", "v2"), required=True),),
        ),
        site.spec(
            verb="confirm",
            path=f"{site.PATH}confirm/",
            done=f"{site.PATH}confirmed/",
            fields=LINK,
            consents=(),
        ),
    )
    for path in ("/en/closed/", "/ar/later/", "/en/strict/", f"{site.PATH}confirm/"):
        site.write_page(folder, path, f"<h1>{path}</h1>")
    site.touch_generation(folder)
    with site.intake(folder) as running:
        yield running
