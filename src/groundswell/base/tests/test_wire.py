"""The records on the wire: read back as written, poison refused, old files still read."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.base import wire

submissions = st.builds(
    wire.Submission,
    id=st.binary(min_size=16, max_size=16),
    verb=st.sampled_from(["sign", "confirm", "withdraw", "manage", "report"]),
    page=st.text(alphabet="0123456789abcdef", min_size=32, max_size=32),
    lang=st.sampled_from(["en", "ar"]),
    at=st.integers(0, 2**45),
    fields=st.dictionaries(st.text(max_size=20), st.text(max_size=100), max_size=5),
    consents=st.dictionaries(st.text(max_size=20), st.text(max_size=12), max_size=3),
    marks=st.integers(0, 15),
)


@given(st.lists(submissions, max_size=8))
def test_it_reads_a_group_as_it_was_written(group: list[wire.Submission]) -> None:
    payload = wire.encode_group([wire.encode(one) for one in group])
    assert [wire.decode_submission(record) for record in wire.decode_group(payload)] == group


@given(submissions, st.integers(min_value=1, max_value=200))
def test_it_refuses_a_record_that_was_cut(one: wire.Submission, cut: int) -> None:
    record = wire.encode(one)
    with pytest.raises(msgspec.MsgspecError):
        wire.decode_submission(record[: max(0, len(record) - cut)])


@given(st.binary(max_size=100))
def test_it_refuses_what_is_no_record(junk: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        wire.decode_submission(b"\xc1" + junk)


def test_it_refuses_text_that_is_no_text() -> None:
    record = wire.encode(wire.Submission(id=b"i" * 16, page="p", lang="Suzie", at=1))
    with pytest.raises(msgspec.DecodeError):
        wire.decode_submission(record.replace(b"Suzie", b"\xff\xfe\xfd\xfc\xfb"))


def test_it_lets_one_bad_record_spoil_no_other() -> None:
    good = wire.encode(wire.Submission(id=b"i" * 16, page="0" * 32, lang="en", at=1))
    payload = wire.encode_group([good, wire.encode({"not": "ours"}), good])
    records = wire.decode_group(payload)
    assert [records[0], records[2]] == [good, good]
    with pytest.raises(msgspec.ValidationError):
        wire.decode_submission(records[1])


def test_it_still_reads_a_submission_of_the_first_format() -> None:
    golden = bytes.fromhex(
        "84a26964c41030313233343536373839616263646566a470616765d9203030303030303030303030"
        "303030303030303030303030303030303030303030a46c616e67a26172a26174cf000001934f1d2c"
        "00"
    )
    assert wire.decode_submission(golden) == wire.Submission(
        id=b"0123456789abcdef", page="0" * 32, lang="ar", at=0x1934F1D2C00
    )


def test_it_passes_over_fields_of_a_later_version() -> None:
    later = wire.encode({"id": b"i" * 16, "page": "p", "lang": "en", "at": 1, "mood": "hopeful"})
    assert wire.decode_submission(later).lang == "en"


def test_it_writes_a_spec_that_people_can_read() -> None:
    spec = wire.PageSpec(
        page="0" * 32,
        lang="en",
        path="/en/a/b/",
        done="/en/a/b/thanks/",
        fields=(
            wire.FieldSpec("email", "email", required=True),
            wire.FieldSpec("division", "division", choices=("house",), lookup="us"),
        ),
    )
    written = wire.encode_spec(spec)
    assert wire.decode_spec(written) == spec
    assert b'\n "path": "/en/a/b/"' in written


def test_it_still_reads_a_spec_from_before_there_were_lookups() -> None:
    old = b'{"page":"0","lang":"en","path":"/","done":"/","fields":[{"name":"e","type":"email"}]}'
    assert wire.decode_spec(old).fields == (wire.FieldSpec("e", "email", lookup=""),)
    assert b"lookup" not in wire.encode_spec(wire.decode_spec(old))
