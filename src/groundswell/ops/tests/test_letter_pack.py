"""The command that binds a pack to hand over."""

from pathlib import Path

import pytest

from groundswell.base.errors import Trouble
from groundswell.ops import django, letter_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "prepared", lambda: None)


@pytest.mark.parametrize(
    ("page", "said"), [("the river", "no page's key"), ("0" * 32, "no such page")]
)
def test_it_says_in_a_line_what_it_cannot_bind(tmp_path: Path, page: str, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        letter_pack.write(page=page, target="us/X000001", folder=str(tmp_path / "pack"))


def test_it_mixes_no_pack_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Trouble, match="not empty"):
        letter_pack.write(page="0" * 32, target="us/X000001", folder=str(tmp_path))
