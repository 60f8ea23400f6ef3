"""What was written once can be read for ever: formats on disk and in mailboxes outlive their code.

`golden/formats.json` holds what earlier versions wrote. Never make it afresh: if a test here
fails, a journal, a database or a link in somebody's inbox would no longer open.
"""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from groundswell.base import ids, sealing, wire

GOLDEN: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "golden" / "formats.json").read_text()
)


def raw(part: str, name: str) -> bytes:
    return bytes.fromhex(GOLDEN[part][name])


def test_it_opens_a_group_sealed_long_ago() -> None:
    key = sealing.OpeningKey(raw("group", "seed"))
    assert sha256(key.public).hexdigest() == GOLDEN["group"]["public_sha256"]
    assert key.id == raw("group", "key_id")
    envelope, info = raw("group", "envelope"), GOLDEN["group"]["info"].encode()
    assert sealing.OpeningKeys([key]).open(envelope, info=info) == raw("group", "payload")
    with pytest.raises(sealing.CannotOpen):
        sealing.OpeningKeys([key]).open(envelope, info=info + b"0")


def test_it_reads_the_submission_in_it() -> None:
    (record,) = wire.decode_group(raw("group", "payload"))
    submission = wire.Submission(
        id=bytes(range(16)),
        page="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        lang="fr",
        at=1795295999000,
        key=bytes(range(16, 32)),
        source="whatsapp",
        fields={"given_name": "Zoë", "email": "zoe@example.org"},
        consents={"news": "0123456789ab"},
        marks=5,
    )
    assert wire.decode_submission(record) == submission
    assert wire.encode(submission) == record


def test_it_opens_a_field_sealed_long_ago() -> None:
    name = raw("field", "key_id")
    cipher = sealing.FieldCipher({name: raw("field", "key")}, current=name)
    context = raw("field", "context")
    assert cipher.open(raw("field", "envelope"), context=context) == raw("field", "plain")


def test_it_still_recognises_an_address() -> None:
    part = GOLDEN["blind_index"]
    index = sealing.blind_index(raw("blind_index", "key"), part["canonical"])
    assert index.hex() == part["index"]


def test_it_still_takes_a_link_out_of_an_old_mail() -> None:
    secret, submission = raw("link_token", "secret"), raw("link_token", "submission")
    token = GOLDEN["link_token"]["token"]
    assert ids.read_link_token(token, secret=secret) == submission
    assert ids.link_token(secret=secret, submission=submission) == token


def test_it_gives_an_old_request_the_id_it_had() -> None:
    part, key = GOLDEN["submission_id"], raw("submission_id", "key")
    made = ids.submission_id(page=part["page"], key=key, body=raw("submission_id", "body"))
    assert made.hex() == part["id"]
    assert ids.key_tag(key).hex() == part["key_tag"]
    assert ids.text_version(purpose="news", text="Send me news") == part["text_version"]
