"""What each process takes, at rest and at work: `python -m benchmarks.memory`.

A whole demo: its pages are viewed, its form is sent, core drains meanwhile, and the studio shows
its home. PSS shares out what processes have in common; RSS counts it for each. The most that was
seen in a fifth of a second's steps.
"""

import http.cookiejar
import re
import shutil
import threading
import urllib.parse
import urllib.request
from typing import Final

from benchmarks import budget, loads
from benchmarks.loads import Target
from tests.support.stack import Stack, wait

PROCESSES: Final = ("intake", "core", "studio")
ACTION: Final = "/en/lantern-room/sign/"
CONNECTIONS: Final = 64
LOOKS: Final = 60
Sizes = dict[str, tuple[float, float]]


def main() -> None:
    stack = Stack(intake_workers="1")
    try:
        stack.start()
        wait(lambda: sizes(stack), seconds=20)
        rest = sizes(stack)
        most = dict(rest)
        over = threading.Event()
        watch = threading.Thread(target=keep_most, args=(stack, most, over))
        watch.start()
        work(stack)
        over.set()
        watch.join()
        show(rest, most)
    finally:
        stack.stop()
        shutil.rmtree(stack.folder, ignore_errors=True)


def sizes(stack: Stack) -> Sizes:
    """RSS and PSS of the process that does the work: intake's is its worker."""
    return {name: loads.memory(loads.family(stack.pid(name))[-1]) for name in PROCESSES}


def keep_most(stack: Stack, most: Sizes, over: threading.Event) -> None:
    while not over.wait(0.2):
        for name, size in sizes(stack).items():
            most[name] = max(most[name], size)


def work(stack: Stack) -> None:
    """Views and signatures for the door, those signatures for core, its home for the studio."""
    script = stack.folder / "sign.lua"
    script.write_text(loads.SIGN.replace("&consent_news=v2", consents(stack)))
    door = stack.pid("intake")
    loads.wrk(Target(door, stack.public + ACTION), CONNECTIONS)
    signed = loads.wrk(Target(door, stack.public + ACTION, script), CONNECTIONS)
    taken = signed.requests - signed.errors
    print(f"{taken:,} signatures were acknowledged meanwhile.\n", flush=True)
    look(stack)
    page = stack.spec(ACTION)["page"]
    wait(lambda: stack.count(page)["collected"] >= taken, seconds=60, what="the drain")


def consents(stack: Stack) -> str:
    """What must be ticked, as the form sends it."""
    boxes = stack.spec(ACTION).get("consents", [])
    return "".join(f"&consent_{box['purpose']}={box['versions'][-1]}" for box in boxes)


def look(stack: Stack) -> None:
    """Log in and look at the studio's home."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{stack.studio}/login/"
    form = browser.open(address, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    values = {"csrfmiddlewaretoken": token[1], "login": "demo", "password": stack.password}
    browser.open(address, urllib.parse.urlencode(values).encode(), timeout=20).read()
    for _ in range(LOOKS):
        shown = browser.open(f"{stack.studio}/", timeout=20).read().decode()
    assert "data-number" in shown


def show(rest: Sizes, most: Sizes) -> None:
    print("| process | RSS MiB at rest | PSS MiB at rest | RSS MiB at work | PSS MiB at work |")
    print("|---|---|---|---|---|")
    for name in PROCESSES:
        cells = " | ".join(f"{size:.0f}" for size in (*rest[name], *most[name]))
        what = "intake, its worker" if name == "intake" else name
        print(f"| {what} | {cells} |")
    budget.at_most("memory of the demo's intake worker, MB", 80, most["intake"][0] * 1.048576)
    budget.show()


if __name__ == "__main__":
    loads.need("wrk", "taskset")
    main()
