"""The published description is true: no answer falls outside it."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from groundswell.base import errors
from groundswell.intake import answers
from groundswell.intake.tests.site_factory import Intake, api_body

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def described(door: Intake) -> Any:
    return schemathesis.openapi.from_dict(door.get("/api/v1/openapi.json").json)


def try_out(door: Intake, description: Any, path: str) -> None:
    """Send what the description allows, and what it forbids; look at every answer."""
    (operation,) = [
        found.ok() for found in description.get_all_operations() if found.ok().path == path
    ]

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        case.call_and_validate(base_url=f"http://127.0.0.1:{door.port}", checks=CHECKS)

    run()


def test_it_publishes_its_description(door: Intake) -> None:
    answer = door.get("/api/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["openapi"].startswith("3.1")
    assert set(answer.json["paths"]) == {
        "/api/v1/submissions",
        "/count/{page}.json",
        "/healthz",
    }


@pytest.mark.parametrize("path", ["/api/v1/submissions", "/count/{page}.json", "/healthz"])
def test_it_answers_as_described(door: Intake, described: Any, path: str) -> None:
    try_out(door, described, path)


def test_control_an_answer_that_is_not_described_is_found(door: Intake) -> None:
    document = door.get("/api/v1/openapi.json").json
    del document["paths"]["/api/v1/submissions"]["post"]["responses"]["404"]
    with pytest.raises(BaseExceptionGroup):
        try_out(door, schemathesis.openapi.from_dict(document), "/api/v1/submissions")


def test_it_answers_good_submissions_as_described(door: Intake, described: Any) -> None:
    operation = described["/api/v1/submissions"]["POST"]
    for body in (api_body(), api_body({}), api_body(page="c" * 32), {"page": "x"}):
        case = operation.Case(body=body, media_type="application/json")
        case.call_and_validate(base_url=f"http://127.0.0.1:{door.port}", checks=CHECKS)


def test_it_has_words_for_every_code() -> None:
    codes = {*errors.FIELD_CODES, *errors.REQUEST_CODES}
    assert codes == set(answers.API_WORDS)


def test_it_is_the_file_that_is_shipped(door: Intake) -> None:
    shipped = Path(answers.__file__).with_name("openapi.json").read_bytes()
    assert door.get("/api/v1/openapi.json").body == shipped
