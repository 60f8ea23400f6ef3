"""Room that is kept for pages, logs and core. Disks that are full: tests/faults/t05_full.py."""

import json
import shutil
from pathlib import Path

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, api_body


def test_it_refuses_before_the_reserve_is_touched(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, journal_reserve_mb=1 << 40) as door:
        answer = door.form(GOOD)
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert "Very busy, please send it again." in answer.text
        assert 'value="amina@example.org"' in answer.text
        health = door.get("/healthz")
        assert (health.status, health.json["disk_low"]) == (503, True)
        assert "groundswell_journal_disk_low 1" in door.metrics()
        assert json.loads(door.api(api_body()).body)["error"]["code"] == "busy"
        assert door.get(site.PATH).status == 200
        assert door.stored() == []


def test_it_says_that_room_runs_out_before_it_refuses(tmp_path: Path) -> None:
    """Free space is between the reserve and four times the reserve."""
    free = shutil.disk_usage(site.make_folder(tmp_path)).free >> 20
    with site.intake(tmp_path, journal_reserve_mb=free // 2) as door:
        assert door.form(GOOD).status == 303
        health = door.get("/healthz")
        assert (health.status, health.json["disk_low"]) == (200, True)
        metrics = door.metrics()
        assert "groundswell_journal_disk_low 1" in metrics
        assert "groundswell_can_store 1" in metrics
        assert f"groundswell_journal_disk_reserve_bytes {free // 2 << 20}" in metrics
    with site.intake(tmp_path, journal_reserve_mb=0) as door:
        assert "groundswell_journal_disk_low 0" in door.metrics()
        assert door.get("/healthz").json["disk_low"] is False
