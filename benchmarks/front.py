"""The nginx front that we ship in deploy/nginx, to be compared with plain nginx.

As it is shipped, but on a free port of this machine, with one worker and without TLS, which plain
nginx beside it does not speak either: what is compared is what our rules cost.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks import loads
from benchmarks.loads import Target
from groundswell.intake.tests import site_factory as site

SHIPPED: Final = Path(__file__).parents[1] / "deploy" / "nginx"
NAME: Final = "the shipped front, nginx"
_SERVER: Final = re.compile(r"^server \{.*?^\}\n", re.MULTILINE | re.DOTALL)
_PLACES: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def shipped(folder: Path, door_port: int) -> Iterator[Mapping[str, Target]]:
    """The front before a door, by its name."""
    port = site.free_port()
    home = folder / "front"
    home.mkdir()
    (home / "groundswell.conf").write_text(_rules(folder, home, port, door_port))
    (home / "nginx.conf").write_text(_main(home))
    command = ["nginx", "-e", "stderr", "-c", str(home / "nginx.conf"), "-g", "daemon off;"]
    with loads.pinned(command) as pid:
        loads.wait_for(port)
        yield {NAME: Target(pid, f"http://127.0.0.1:{port}")}


def _rules(folder: Path, home: Path, port: int, door_port: int) -> str:
    text = (SHIPPED / "groundswell.conf").read_text()
    for server in _SERVER.findall(text):
        # The others lead to HTTPS, or away.
        if "location / {" not in server or "server_name" not in server:
            text = text.replace(server, "")
    text = re.sub(r"^ *(ssl_\S+|listen \[::\]).*;\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"listen [^;]*;", f"listen 127.0.0.1:{port} backlog=4096;", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{door_port}")
    text = text.replace("/var/cache/nginx/groundswell", str(home / "cache"))
    return text.replace("/var/lib/groundswell", str(folder))


def _main(home: Path) -> str:
    text = (SHIPPED / "nginx.conf").read_text()
    text = re.sub(r"^(user|worker_rlimit\S*|error_log|include) .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *(ssl_\S+|include /etc/nginx/ground).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^worker_processes .*;", "worker_processes 1;", text, flags=re.MULTILINE)
    text = re.sub(
        r"^pid .*;", f"pid {home}/nginx.pid;\nerror_log stderr crit;", text, flags=re.MULTILINE
    )
    places = "".join(f"    {name}_temp_path {home}/{name};\n" for name in _PLACES)
    last = text.rindex("}")
    text = f"{text[:last]}{places}    include {home}/groundswell.conf;\n}}\n"
    return ("user root;\n" if os.geteuid() == 0 else "") + text
