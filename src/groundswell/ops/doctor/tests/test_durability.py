"""A database server that confirms what it has not on its disk is named."""

import pytest
from django.db import connection

from groundswell.ops.doctor import database


@pytest.mark.django_db
def test_it_names_the_guard_that_is_switched_off() -> None:
    # The PostgreSQL of our tests runs without fsync: what is lost with this machine is a test's.
    off = ["fsync"] if connection.vendor == "postgresql" else []
    assert database.switched_off() == off
    found = list(database._durability())
    assert [one.level for one in found] == ["wrong"] * len(off)
    assert all("fsync = on" in one.mend for one in found)
