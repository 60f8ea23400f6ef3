"""Caddy in front, as deploy/Caddyfile has it: intake's own answers over TLS, and honest words."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from tests.deploy.front import Front, caddy, needs
from tests.deploy.test_nginx import ALL, GONE, PAGES, direct, named

pytestmark = needs("caddy", "curl", "openssl")
# Caddy offers HTTP/3 and says whom it passed on for.
ADDED = {"alt-svc", "via"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with caddy(tmp_path_factory.mktemp("caddy"), rate_exempt="127.0.0.0/8") as running:
        yield running


@pytest.mark.parametrize(("version", "encoding"), [("--http2", ALL), ("--http1.1", "")])
@pytest.mark.parametrize("path", [*PAGES, *GONE])
def test_it_answers_as_intake_does(front: Front, path: str, encoding: str, version: str) -> None:
    expected = direct(front, path, accept_encoding=encoding)
    answer = front.ask(path, version, headers={"Accept-Encoding": encoding})
    assert answer.version == {"--http2": "HTTP/2", "--http1.1": "HTTP/1.1"}[version]
    assert answer.status == expected.status
    assert {n: v for n, v in named(answer).items() if n not in ADDED} == named(expected)
    assert answer.body == expected.body


def test_it_says_what_has_not_changed(front: Front) -> None:
    tag = front.ask(site.PATH).headers["etag"]
    again = front.ask(site.PATH, headers={"If-None-Match": tag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)


def test_it_takes_a_form_and_a_program(front: Front) -> None:
    answer = front.form(site.GOOD)
    assert (answer.status, answer.headers["location"]) == (303, f"{site.PATH}thanks/")
    promised = front.ask("/api/v1/submissions", "--json", json.dumps(site.api_body()))
    assert promised.status == 202


def test_it_refuses_too_large_a_body(front: Front) -> None:
    answer = front.form({**site.GOOD, "comment": "x" * 100_000})
    assert answer.status == 413


def test_it_hides_health_from_the_world(front: Front) -> None:
    assert front.ask("/healthz").status == 404


def test_it_counts_by_the_address_it_sees_itself(tmp_path: Path) -> None:
    with caddy(tmp_path, rate_burst="3", rate_per_second="0.001") as front:
        for claimed in ("192.0.2.1", "198.51.100.2", "203.0.113.3", "192.0.2.4", "192.0.2.5"):
            last = front.form(
                site.GOOD, "--interface", "127.0.1.5", "-H", f"X-Forwarded-For: {claimed}"
            )
        assert last.status == 429
        assert front.form(site.GOOD, "--interface", "127.0.2.5").status == 303


def test_it_says_honestly_that_intake_is_gone(tmp_path: Path) -> None:
    with caddy(tmp_path) as front:
        front.intake.stop()
        form = front.form(site.GOOD)
        assert (form.status, form.headers["retry-after"]) == (503, "5")
        assert b"nobody is counted twice" in form.body
        program = front.ask("/api/v1/submissions", "--json", "{}")
        assert (program.status, program.headers["retry-after"]) == (503, "5")
        assert json.loads(program.body)["error"]["code"] == "busy"
