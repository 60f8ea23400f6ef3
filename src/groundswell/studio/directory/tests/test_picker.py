"""The box that decision makers are picked in, as the editor's page brings it."""

from pathlib import Path

from tests.support.chromium import chromium

SCRIPT = Path(__file__).parents[2] / "static/studio/picker.js"


def test_it_finds_its_box_however_early_its_script_is_there(tmp_path: Path) -> None:
    page_file = tmp_path / "editor.html"
    page_file.write_text(
        f"<!doctype html><script>{SCRIPT.read_text('utf-8')}</script>"
        '<gw-picker data-label="Whom"><textarea hidden>[]</textarea></gw-picker>',
        encoding="utf-8",
    )
    with chromium() as browser:
        page = browser.new_page()
        page.goto(page_file.as_uri())
        page.evaluate("document.querySelector('gw-picker').keep(['us/C000127'])")
        assert page.locator("textarea").input_value() == '["us/C000127"]'
        assert page.locator("gw-picker input[type=search]").count() == 1
