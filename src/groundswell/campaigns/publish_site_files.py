"""The files that belong to the site as a whole: homes, errors, privacy, assets, sitemap."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from groundswell.base import clock, env
from groundswell.campaigns import queries, render
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.campaigns.publish_files import Edition
from groundswell.campaigns.render_media import Pictures, copied
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_read import Reader, alternates, languages, reachable
from groundswell.campaigns.render_views import Alternate, HomeView

SCOPE: Final = "site"
HOMES: Final = "homes"


def site_edition(totals: Mapping[UUID, Totals]) -> Edition:
    """What changes with the organisation's settings only."""
    edition = Edition(scope=SCOPE)
    reader = _reader(edition, totals)
    for name in ("favicon.svg", "favicon.ico"):
        edition.add(name, (render.ASSETS / name).read_bytes())
    for name in ("page", "reach"):
        edition.add(render.script_name(name), (render.ASSETS / f"{name}.js").read_bytes())
    for lang in languages():
        _add_language(edition, Pages(reader.site(lang)), lang)
    main = Pages(reader.site(languages()[0]))
    for page in main.errors("/errors/"):
        edition.add_page(page, f"error.{page.path}")
    edition.add_page(main.chooser(), "chooser")
    return edition


def homes_edition(totals: Mapping[UUID, Totals]) -> Edition:
    """The lists of campaigns: the homes, and the sitemap for search engines."""
    edition = Edition(scope=HOMES)
    reader = _reader(edition, totals)
    homes = {home.language: home for home in SiteHome.objects.live()}
    for lang in languages():
        site = reader.site(lang)
        view = reader.home(homes[lang]) if lang in homes else HomeView(title=site.name)
        edition.add_page(Pages(site).home(view), f"home.{lang}")
    url = env.load().public_url.rstrip("/")
    edition.add("sitemap.xml", _sitemap(url).encode())
    edition.add("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {url}/sitemap.xml\n".encode())
    return edition


def _reader(edition: Edition, totals: Mapping[UUID, Totals]) -> Reader:
    return Reader(now=clock.now(), totals=totals, pictures=Pictures(copied(edition.add)))


def _add_language(edition: Edition, pages: Pages, lang: str) -> None:
    edition.add_page(pages.privacy(queries.privacy_notice()), f"privacy.{lang}")
    for page in pages.my_data():
        edition.add_page(page, f"my-data.{page.path}")
    for page in pages.errors(f"/{lang}/errors/"):
        edition.add_page(page, f"error.{page.path}")


def _sitemap(url: str) -> str:
    entries = []
    for model in (SiteHome, Campaign, ActionPage):
        for page in model.objects.live().order_by("path"):
            if reachable(page):
                others = alternates(page)
                entries.append(_entry(url, page.public_path, page.last_published_at, others))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(entries) + "</urlset>\n"
    )


def _entry(url: str, path: str, changed: datetime | None, others: tuple[Alternate, ...]) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one.language.code}"'
        f" href={quoteattr(url + one.path)}/>\n"
        for one in others
    )
    when = f"<lastmod>{changed:%Y-%m-%d}</lastmod>\n" if changed else ""
    return f"<url>\n<loc>{escape(url + path)}</loc>\n{when}{links}</url>\n"
