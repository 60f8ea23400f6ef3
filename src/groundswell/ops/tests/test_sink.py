"""The mail sink: real SMTP in, files and pages out."""

import json
import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from groundswell.ops import mailbox
from groundswell.ops.mailstore import MailStore
from groundswell.ops.sink import Keep
from tests.support.ports import free_port


class Sink:
    """A running sink: where to send, and what its page answers."""

    def __init__(self, folder: Path) -> None:
        self.store = MailStore(folder)
        self.smtp = Controller(Keep(self.store), hostname="127.0.0.1", port=free_port())
        self.smtp.start()
        self.page = mailbox.server(self.store, address="127.0.0.1", port=0)
        threading.Thread(target=self.page.serve_forever, daemon=True).start()

    def send(self, *, to: str, subject: str, html: str = "") -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "us@example.org", to, subject
        mail.set_content("in plain words")
        if html:
            mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp.port) as client:
            client.send_message(mail)

    def get(self, path: str, host: str = "localhost") -> tuple[int, str, dict[str, str]]:
        url = f"http://127.0.0.1:{self.page.server_address[1]}{path}"
        request = urllib.request.Request(url, headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), dict(error.headers)

    def stop(self) -> None:
        self.page.shutdown()
        self.page.server_close()
        self.smtp.stop()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    running = Sink(tmp_path / "mail")
    yield running
    running.stop()


def test_it_shows_scripts_the_mails_of_one_address(sink: Sink) -> None:
    sink.send(to="suzie@example.org", subject="Please confirm")
    sink.send(to="karim@example.org", subject="أكّد توقيعك", html="<p>مرحبا</p>")
    listed = json.loads(sink.get("/api/messages?to=KARIM@example.org")[1])
    assert [mail["subject"] for mail in listed["messages"]] == ["أكّد توقيعك"]
    assert listed["total"] == 2
    mail = json.loads(sink.get(listed["messages"][0]["url"])[1])
    assert "مرحبا" in mail["html"]
    assert mail["text"].strip() == "in plain words"


def test_it_escapes_what_a_mail_says(sink: Sink) -> None:
    sink.send(to="x@example.org", subject='<script>alert("1")</script>')
    for path in ("/", f"/messages/{sink.store.newest()[0].id}"):
        status, html, headers = sink.get(path)
        assert status == 200
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_it_runs_no_script_of_a_mail(sink: Sink) -> None:
    sink.send(to="x@example.org", subject="hello", html="<script>alert(1)</script><b>hi</b>")
    name = sink.store.newest()[0].id
    assert 'sandbox="allow-popups ' in sink.get(f"/messages/{name}")[1]
    _status, html, headers = sink.get(f"/messages/{name}/html")
    assert "<b>hi</b>" in html
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_it_answers_only_to_this_machines_names(sink: Sink) -> None:
    assert sink.get("/api/messages", host="rebound.example:8002")[0] == 421
    assert sink.get("/api/messages", host="127.0.0.1:8002")[0] == 200


@pytest.mark.parametrize(
    "path", ["/messages/../../db", "/messages/" + "0" * 28, "/nothing", "/messages/x/raw"]
)
def test_it_says_so_when_there_is_no_such_mail(sink: Sink, path: str) -> None:
    assert sink.get(path)[0] == 404


def test_it_gives_the_mail_as_it_came(sink: Sink) -> None:
    sink.send(to="x@example.org", subject="as it came")
    status, raw, headers = sink.get(f"/messages/{sink.store.newest()[0].id}/raw")
    assert status == 200
    assert "Subject: as it came" in raw
    assert headers["Content-Disposition"].startswith("attachment")


def test_it_finds_the_mails_of_an_earlier_run(tmp_path: Path) -> None:
    MailStore(tmp_path).add(b"Subject: one\r\n\r\n.", recipients=["a@example.org"])
    assert [mail.subject for mail in MailStore(tmp_path).newest(to="a@example.org")] == ["one"]


def test_it_drops_the_oldest_beyond_its_limit(tmp_path: Path) -> None:
    store = MailStore(tmp_path, limit=3)
    for number in range(5):
        store.add(f"Subject: {number}\r\n\r\n.".encode(), recipients=["a@example.org"])
    assert [mail.subject for mail in store.newest()] == ["4", "3", "2"]
    assert len(list(tmp_path.iterdir())) == 3
