"""A whole Groundswell for journeys: all real processes, on free ports, in a folder of its own."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.support.ports import free_port

T = TypeVar("T")
ROOT: Final = Path(__file__).parents[2]


class Stack:
    """One installation in its own folder. `start` and `stop` may be repeated on the same data."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="groundswell-journey-"))
        self.ports = {
            name: free_port() for name in ("public", "studio", "mailbox", "metrics", "smtp")
        }
        self.public = f"http://localhost:{self.ports['public']}"
        self.studio = f"http://localhost:{self.ports['studio']}"
        self.mailbox = f"http://localhost:{self.ports['mailbox']}"
        self.environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environ |= {
            "GROUNDSWELL_VAR": str(self.folder),
            # All of a journey's visitors come from this machine.
            "GROUNDSWELL_RATE_EXEMPT": "127.0.0.0/8 ::1/128",
            "GROUNDSWELL_MAIL_PER_SECOND": "500",
            # Offices of a story are written to as fast as their letters come.
            "GROUNDSWELL_LETTERS_PER_HOUR": "0",
            "GROUNDSWELL_LETTERS_PER_MINUTE": "0",
            **{f"GROUNDSWELL_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **{f"GROUNDSWELL_{name.upper()}": value for name, value in settings.items()},
        }
        self.log: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process: subprocess.Popen[str] | None = None

    @property
    def password(self) -> str:
        """The demo organiser's password."""
        return (self.folder / "demo-organiser.txt").read_text().strip()

    def start(self, *words: str, until: str = r"^organiser: ", seconds: float = 300) -> None:
        """Run a command and wait for a line; `groundswell demo` unless told otherwise."""
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "groundswell", *(words or ("demo",))],
            env=self.environ, cwd=self.folder, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._lines = queue.Queue()
        reading = threading.Thread(
            target=self._read, args=(self._process, self._lines), daemon=True
        )
        reading.start()
        if until:
            self.wait_for_line(until, seconds=seconds)

    def run(self, *words: str) -> str:
        """A command that ends; what it printed. Fails when the command does."""
        done = subprocess.run(
            [sys.executable, "-m", "groundswell", *words],
            env=self.environ, cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait_for_line(self, pattern: str, *, seconds: float = 30) -> re.Match[str]:
        """The next line of the log that matches. Fails when the process ends before."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no {pattern!r} in the log:\n" + "\n".join(self.log[-60:]))
            if found := re.search(pattern, line):
                return found

    def stop(self) -> None:
        """End everything as Ctrl-C would. Fails when something is left running."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=40)
            self._process = None

    def kill(self, name: str) -> int:
        """SIGKILL one of the processes; its process id."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def pid(self, name: str) -> int:
        """The process id of `intake`, `core`, `studio` or `sink`."""
        assert self._process is not None
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                words = (status.parent / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == self._process.pid and name.encode() in words:
                return int(status.parent.name)
        raise AssertionError(f"{name} is not running")

    def _read(self, process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.log.append(line.rstrip())
                lines.put(line.rstrip())
        lines.put(None)

    # What the world sees of it

    def get(self, path: str) -> str:
        """A public page's text."""
        return fetch(self.public + path)

    def count(self, page: str) -> dict[str, Any]:
        """A page's count.json."""
        found: dict[str, Any] = json.loads(self.get(f"/count/{page}.json"))
        return found

    def spec(self, path: str) -> dict[str, Any]:
        """The published PageSpec of the form at a path."""
        for file in (self.folder / "site/specs").glob("*.json"):
            spec: dict[str, Any] = json.loads(file.read_bytes())
            if spec["path"] == path and spec.get("verb", "sign") == "sign":
                return spec
        raise AssertionError(f"nothing can be signed at {path}")

    def mails(self, to: str) -> list[dict[str, Any]]:
        """The mails to an address, the newest first."""
        query = urllib.parse.urlencode({"to": to})
        listed = json.loads(fetch(f"{self.mailbox}/api/messages?{query}"))["messages"]
        return [json.loads(fetch(self.mailbox + mail["url"])) | mail for mail in listed]

    def mail(self, to: str, *, seconds: float = 20) -> dict[str, Any]:
        """The newest mail to an address, waited for."""
        return wait(lambda: next(iter(self.mails(to)), None), seconds=seconds, what=f"mail to {to}")

    def link(self, to: str, part: str) -> str:
        """The first link with `part` in its path in the newest mail to an address."""
        text = self.mail(to)["text"]
        found = re.search(rf"https?://\S*{part}\S*", text)
        assert found, text
        return found[0].rstrip(".)>")


def fetch(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> str:
    """The text at a URL. Raises urllib's HTTPError."""
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def status(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    """The status of an answer, redirects followed."""
    try:
        fetch(url, data, headers)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    return 200


def wait(read: Callable[[], T | None], *, seconds: float = 10, what: str = "") -> T:
    """The first true value that `read` gives. Fails when there is none in time."""
    deadline = time.monotonic() + seconds
    value = read()
    while not value:
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what or read}; {value!r}"
        time.sleep(0.1)
        value = read()
    return value
