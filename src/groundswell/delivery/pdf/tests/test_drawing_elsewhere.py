"""Sheets of other rooms: drawn by the same hand, reading nothing but their own folder."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
from PIL import Image

from groundswell.delivery.pdf import drawing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sheet = "#set document(title: [T])\n#set page(width: 40pt, height: 30pt, margin: 0pt)\n"
    (tmp_path / "own.typ").write_text(sheet + '#json(bytes(sys.inputs.at("data"))).word\n')
    (tmp_path / "nosy.typ").write_text('#read("/etc/hostname")\n')
    return tmp_path


def test_it_draws_a_sheet_of_another_folder(folder: Path) -> None:
    drawn = drawing.pngs("own", {"word": "yes"}, folder=folder, ppi=144)
    assert Image.open(BytesIO(drawn[0])).size == (80, 60)
    assert drawing.pdf("own", {"word": "yes"}, folder=folder).startswith(b"%PDF")


def test_it_lets_a_sheet_read_its_own_folder_only(folder: Path) -> None:
    with pytest.raises(typst.TypstError):
        drawing.pngs("nosy", {}, folder=folder)


def test_it_proves_what_can_be_drawn() -> None:
    drawing.prove(["Đường", "Կանաչ", "العربية", "日本語", "Straßenbahn"])
    with pytest.raises(drawing.CannotDraw, match="\U0001f1fa"):
        drawing.prove(["fine", "a flag: \U0001f1fa\U0001f1f8"])
