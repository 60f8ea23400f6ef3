"""The operator's pass marks a rehearsal's submissions; nothing a visitor can send does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.base import clock, keyring, passes
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.conftest import LINK
from groundswell.intake.tests.site_factory import GOOD, PATH, Answer, Intake

HOUR_MS = 3_600_000
CONFIRM = f"{PATH}confirm/"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """An intake that lets one network send three at once and no more."""
    confirm = site.spec(verb="confirm", path=CONFIRM, fields=LINK, consents=())
    folder = site.make_folder(tmp_path_factory.mktemp("strict"), site.spec(), confirm)
    with site.intake(folder, rate_exempt="", rate_burst=3, rate_per_second=0) as running:
        yield running


def token(folder: Path, *, run: str = "run-1", hours: float = 1) -> str:
    until = clock.to_ms(clock.now()) + int(hours * HOUR_MS)
    return passes.sign(passes.Pass(run, until), seed=keyring.secret(folder / "keys", "rehearsal"))


def send(door: Intake, email: str, *, path: str = PATH, **headers: str) -> Answer:
    values = {**GOOD, "email": email, "key": email * 3}
    return door.form(values, path, accept="application/json", **headers)


def runs(door: Intake) -> dict[str, str]:
    return {one.fields["email"]: one.run for one in door.stored()}


def test_it_names_the_run_and_spares_it_the_limits(strict: Intake) -> None:
    good = token(strict.folder)
    for number in range(8):
        answer = send(strict, f"crowd{number}@example.org", x_groundswell_rehearsal=good)
        assert answer.status == 202
    assert {run for email, run in runs(strict).items() if "crowd" in email} == {"run-1"}


@pytest.mark.parametrize("bad", ["", "x", "a.b", "over", "foreign", "cut", "long"])
def test_it_refuses_a_pass_that_is_not_good_and_stores_nothing(
    strict: Intake, tmp_path: Path, bad: str
) -> None:
    if bad == "over":
        bad = token(strict.folder, hours=-0.01)
    elif bad == "foreign":
        keyring.init(tmp_path / "keys")
        bad = token(tmp_path)
    elif bad == "cut":
        bad = token(strict.folder)[:-2]
    elif bad == "long":
        bad = token(strict.folder) + "A" * 5000
    email = "refused@example.org"
    answer = send(strict, email, x_groundswell_rehearsal=bad)
    assert (answer.status, answer.json["error"]["code"]) == (403, "rehearsal_over")
    assert email not in runs(strict)


def test_it_lets_nobody_mark_their_own_signature(strict: Intake) -> None:
    values = {**GOOD, "email": "me@example.org", "key": "k" * 32, "run": "run-1"}
    assert strict.form(values, accept="application/json").status == 422
    assert strict.form({**GOOD, "email": "real@example.org"}).status == 303
    assert runs(strict)["real@example.org"] == ""


def test_it_rehearses_signing_alone(strict: Intake) -> None:
    answer = strict.form(
        {"t": "t" * 43}, CONFIRM, accept="application/json",
        x_groundswell_rehearsal=token(strict.folder),
    )  # fmt: skip
    assert answer.status == 403
    assert not [one for one in strict.stored() if one.verb == "confirm"]


def test_it_never_takes_a_rehearsal_for_the_real_thing(strict: Intake) -> None:
    email = "both@example.org"
    rehearsed = send(strict, email, x_groundswell_rehearsal=token(strict.folder))
    real = send(strict, email)
    assert (rehearsed.status, real.status) == (202, 202)
    assert rehearsed.json["id"] != real.json["id"]
    assert sorted(one.run for one in strict.stored() if one.fields.get("email") == email) == [
        "",
        "run-1",
    ]
