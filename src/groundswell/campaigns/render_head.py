"""What stands in a page's head: its title, its other languages, what it says to machines."""

import json
from dataclasses import dataclass

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from groundswell.campaigns.render_views import Alternate, Picture, SiteView


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands in a page's head. Only a page that `index`es has a canonical address.

    A page with a `token` in its address offers its other languages only where a script can take the
    token along. One that `reach`es decision makers has a script and a style of its own besides;
    an open `letter` has a style.
    """

    title: str
    path: str
    description: str = ""
    og_title: str = ""
    alternates: tuple[Alternate, ...] = ()
    fallback: str = ""
    picture: Picture | None = None
    index: bool = True
    token: bool = False
    script: bool = True
    reach: bool = False
    letter: bool = False
    json_ld: str = ""


class Heads:
    """Makes the heads of the pages of one language of a site."""

    def __init__(self, site: SiteView, *, script: bool) -> None:
        self._site = site
        self._lang = site.language.code
        self._script = script

    def listed(
        self,
        title: str,
        path: str,
        *,
        description: str = "",
        alternates: tuple[Alternate, ...] = (),
        picture: Picture | None = None,
    ) -> Head:
        """The head of a page that anybody may find."""
        main = next((one.path for one in alternates if one.language.code == self._site.main), "")
        full = title if title == self._site.name else f"{title} · {self._site.name}"
        return Head(
            title=full,
            og_title=title,
            path=path,
            description=description,
            alternates=alternates,
            fallback=main,
            picture=picture,
            script=self._script,
            json_ld=self._json_ld(title, path, description, picture),
        )

    def quiet(
        self,
        title: str,
        path: str,
        *,
        name: str = "",
        others: tuple[Alternate, ...] = (),
        token: bool = False,
    ) -> Head:
        """The head of a page that is only reached from another: no search engine should list it.

        `others` are the languages of the page it belongs to: this one is as far below each.
        """
        with translation.override(self._lang):
            heading = gettext(title)
        own = next((one.path for one in others if one.language.code == self._lang), "")
        below = path.removeprefix(own)
        return Head(
            title=f"{heading} · {name or self._site.name}",
            path=path,
            alternates=tuple(Alternate(one.language, one.path + below) for one in others),
            index=False,
            token=token,
            script=self._script,
        )

    def _json_ld(
        self, title: str, path: str, description: str, picture: Picture | None
    ) -> SafeString:
        data = {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "name": title,
            "description": description,
            "url": self._site.url + path,
            "inLanguage": self._lang,
            "publisher": {
                "@type": "Organization",
                "name": self._site.name,
                "url": self._site.website or self._site.url,
            },
        }
        if picture:
            data["primaryImageOfPage"] = picture.absolute
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        # Inside a script element only these could end it or open a comment.
        for sign, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
            text = text.replace(sign, escape)
        return mark_safe(text)  # noqa: S308  escaped just above
