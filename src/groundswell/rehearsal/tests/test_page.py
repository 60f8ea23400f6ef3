"""Reading a page as a browser would, and going nowhere else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from groundswell.base.errors import Trouble
from groundswell.rehearsal import page
from groundswell.rehearsal.page import Page
from groundswell.rehearsal.target import Target

T = TypeVar("T")
SIGN = """<!doctype html><html lang="en"><head>
<link rel="alternate" hreflang="en" href="https://act.example.org/en/sign/">
<link rel="alternate" hreflang="ar" href="https://act.example.org/ar/sign/">
<link rel="alternate" hreflang="x-default" href="https://act.example.org/en/sign/">
<script src="/assets/page.js" defer></script></head><body>
<img src="/m/1600.webp" srcset="/m/480.webp 480w, /m/960.webp 960w, /m/1600.webp 1600w">
<img src="https://elsewhere.example/pixel.gif"><img src="data:image/gif;base64,R0lGOD">
<form action="/search"><input name="q"></form>
<div data-tally="abc"></div>
<form method="post" data-send><input type="email" name="email" required>
<input type="radio" name="q_1" value="a" required><input type="radio" name="q_1" value="b">
<select name="country"><option value="">-</option><option value="GB">x</option></select>
<input type="checkbox" name="consent_news" value="v2"><textarea name="comment"></textarea></form>"""


def at(pages: dict[str, bytes], ask: Callable[[Target], Awaitable[T]]) -> T:
    """What is asked of a server that has these answers and counts nothing else."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(pages.get(head.split()[1].decode(), answer("", status=404)))
        writer.close()

    async def talk() -> T:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await ask(Target("http", f"127.0.0.1:{port}", port, "127.0.0.1"))

    return asyncio.run(talk())


def answer(body: str, *, status: int = 200, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body.encode())}\r\n{more}\r\n"
    return (head + body).encode()


def look(path: str) -> Callable[[Target], Awaitable[list[Page]]]:
    return lambda target: page.look(target, path)


def test_it_finds_form_pictures_languages_and_count() -> None:
    arabic = SIGN.replace('lang="en"><head', 'lang="ar"><head')
    pages = {"/en/sign/": answer(SIGN), "/ar/sign/": answer(arabic)}
    first, second = at(pages, look("/en/sign/"))
    assert (first.lang, second.lang) == ("en", "ar")
    assert first.count == "/count/abc.json"
    assert first.assets["phone"] == ["/assets/page.js", "/m/960.webp"]
    assert first.assets["desk"] == ["/assets/page.js", "/m/1600.webp"]
    assert {(one.name, one.kind, one.required) for one in first.fields} == {
        ("email", "email", True),
        ("q_1", "radio", True),
        ("country", "select", False),
        ("consent_news", "checkbox", False),
        ("comment", "textarea", False),
    }
    options = {one.name: one.options for one in first.fields}
    assert (options["q_1"], options["country"]) == (["a", "b"], ["GB"])


def test_it_follows_no_redirect() -> None:
    away = answer("", status=302, more="Location: http://192.0.2.7/\r\n")
    with pytest.raises(Trouble, match="answers 302"):
        at({"/en/sign/": away}, look("/en/sign/"))


def test_it_finds_the_first_page_that_can_be_signed() -> None:
    places = "".join(
        f"<loc>https://act.example.org{path}</loc>" for path in ("/en/", "/en/sign/", "/x/")
    )
    pages = {
        "/sitemap.xml": answer(places),
        "/en/": answer("<form data-send><input name=q></form>"),
        "/en/sign/": answer(SIGN),
    }
    assert at(pages, page.find) == "/en/sign/"
    del pages["/en/sign/"]
    with pytest.raises(Trouble, match="answers 404"):
        at(pages, page.find)


def test_it_says_when_there_is_nothing_to_sign() -> None:
    with pytest.raises(Trouble, match="can be signed"):
        at({"/en/": answer("<h1>closed</h1>")}, look("/en/"))
