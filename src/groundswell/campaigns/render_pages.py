"""Views to pages: each public page with its head, its form's slots and its PageSpec."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from groundswell.base import clock
from groundswell.base.wire import FieldSpec, PageSpec
from groundswell.campaigns import (
    as_read,
    render,
    render_form,
    render_form_reach,
    render_my_data,
    render_ring,
    words,
)
from groundswell.campaigns.queries import PrivacyNotice
from groundswell.campaigns.render_field import FieldView
from groundswell.campaigns.render_head import Head, Heads
from groundswell.campaigns.render_letter_pages import LetterPages
from groundswell.campaigns.render_letter_views import OpenLetterView
from groundswell.campaigns.render_reach_views import LetterView, ReachView
from groundswell.campaigns.render_share import ShareView, share
from groundswell.campaigns.render_views import (
    ActionCard,
    ActionView,
    Alternate,
    CampaignView,
    HomeView,
    SiteView,
)
from groundswell.kinds.kind import FIELDS, KEY_MAX

MY_DATA_PAGE: Final = "0" * 32
_TOKEN: Final = FieldSpec(name="t", type="token", required=True)
# Who reports is known by the letter's own number, which the page got when it was stored, or by the
# token of a mail. Neither is checked here: what is unknown changes nothing.
_REPORT: Final = (
    FieldSpec(name="ref", type="line", max=32),
    FieldSpec(name="t", type="token"),
    FieldSpec(name="target", type="line", max=KEY_MAX),
    FieldSpec(name="step", type="choice", required=True, choices=("opened", "sent")),
)
# Names that stand side by side where there is room.
_PAIRS: Final = (
    {"given_name", "family_name"},
    {"country", "postcode"},
    {"city", "region"},
    {"city", "postcode"},
)
ERROR_TITLES: Final[dict[int, tuple[str, str]]] = {
    400: ("bad_request", gettext_noop("That did not reach us well")),
    403: ("method_not_allowed", gettext_noop("This way is closed")),
    404: ("not_found", gettext_noop("This page is not here")),
    405: ("method_not_allowed", gettext_noop("This page cannot do that")),
    408: ("timeout", gettext_noop("That took too long")),
    409: ("key_reused", gettext_noop("This was sent before")),
    410: ("closed", gettext_noop("This has closed")),
    413: ("too_large", gettext_noop("That was too much at once")),
    415: ("unsupported_media_type", gettext_noop("We cannot read this")),
    422: ("invalid", gettext_noop("Please have another look")),
    429: ("too_many", gettext_noop("A moment of patience, please")),
    500: ("internal", gettext_noop("Something went wrong on our side")),
    503: ("busy", gettext_noop("Please try again in a moment")),
}
_ERROR_TEXTS: Final = {404: words.GONE, 503: words.TURNED_AWAY}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with its slots, what they hold when nobody has typed yet, and its PageSpec.

    `instead` is what is published while the form is not open; the form is still needed for those
    who had it on their screen when it closed.
    """

    path: str
    slotted: str
    defaults: dict[str, str]
    spec: PageSpec | None = None
    instead: str = ""
    framed: bool = False

    @property
    def html(self) -> str:
        return self.instead or render.fill(self.slotted, self.defaults)

    @property
    def file(self) -> str:
        return self.path.lstrip("/") + ("index.html" if self.path.endswith("/") else "")


class Pages:
    """Makes the pages of one language of a site. `preview` switches off what acts."""

    def __init__(self, site: SiteView, *, preview: bool = False) -> None:
        self._site = site
        self._lang = site.language.code
        self._preview = preview
        self._heads = Heads(site, script=not preview)

    def home(self, home: HomeView) -> Page:
        """The site's first page."""
        head = self._heads.listed(
            home.title,
            self._site.home,
            description=home.description or home.title,
            alternates=self._site.homes,
        )
        return self._page("home", head, home=home)

    def campaign(
        self,
        campaign: CampaignView,
        actions: tuple[ActionCard, ...],
        became: tuple[SafeString, ...] = (),
    ) -> Page:
        """A campaign's page. `became` are the parts that say what became of letters and calls."""
        head = self._heads.listed(
            campaign.seo_title or campaign.title,
            campaign.path,
            description=campaign.description or campaign.summary,
            alternates=campaign.alternates,
            picture=campaign.social,
        )
        return self._page(
            "campaign",
            replace(head, reach=bool(became)),
            campaign=campaign,
            actions=actions,
            became=became,
            privacy=campaign.privacy,
        )

    def action(self, action: ActionView, campaign: CampaignView) -> Iterator[Page]:
        """All pages of an action page: itself, thanks, and where links in mails lead."""
        yield self.sign(action, campaign)
        yield self._follower("thanks", gettext_noop("Thank you"), action, campaign)
        yield from render_ring.pages(action, campaign, self._heads, self._page, lang=self._lang)
        if isinstance(action, OpenLetterView):
            yield from self.letter(action, campaign).all(self._site.url)
        yield from self.links(action, campaign)

    def letter(self, action: OpenLetterView, campaign: CampaignView) -> LetterPages:
        """What makes the pages around an open letter."""
        return LetterPages(action, campaign, self._heads, self._page, lang=self._lang)

    def links(self, action: ActionView, campaign: CampaignView | None = None) -> Iterator[Page]:
        """Confirm, withdraw and what follows them; without a campaign when that has gone."""
        said = action.said
        for name, title, done in (
            ("confirm", said.confirm_title, "confirmed/"),
            ("confirmed", gettext_noop("Confirmed. Thank you."), None),
            ("withdraw", said.withdraw_title, "withdrawn/"),
            ("withdrawn", gettext_noop("Taken back"), None),
        ):
            yield self._follower(name, title, action, campaign, done=done)
        if isinstance(action, LetterView):
            yield from self._report(action, campaign)

    def sign(self, action: ActionView, campaign: CampaignView) -> Page:
        """The page with the form."""
        head = self._heads.listed(
            action.seo_title or action.title,
            action.path,
            description=action.description or campaign.summary,
            alternates=action.alternates,
            picture=campaign.social,
        )
        head = replace(
            head, reach=isinstance(action, ReachView), letter=isinstance(action, OpenLetterView)
        )
        context = self._form(action) | {"action": action, "privacy": campaign.privacy}
        template = action.kind.page
        page = self._page(
            template,
            head,
            spec=self._sign_spec(action, campaign),
            defaults=render_form.defaults(action),
            campaign=replace(campaign, state="open"),
            **context,
        )
        if campaign.state == "open":
            return page
        return replace(
            page, instead=self._page(template, head, campaign=campaign, **context).slotted
        )

    def letter_read(self, action: LetterView, campaign: CampaignView) -> Page:
        """For the preview: each letter as the office will read it, with an invented sender."""
        head = self._heads.quiet(gettext_noop("As the office will read it"), action.path)
        letters = as_read.letters(action, lang=self._lang)
        return self._page(
            "letter_read",
            replace(head, reach=True),
            action=action,
            campaign=campaign,
            letters=letters,
            privacy=campaign.privacy,
        )

    def _form(self, action: ActionView) -> dict[str, Any]:
        views = render_form.field_views(action, lang=self._lang)
        if not isinstance(action, ReachView):
            return {"rows": _rows(views)}
        context = render_form_reach.context(action, views, lang=self._lang)
        return context | {"rows": _rows(context["personal"])}

    def _report(self, action: LetterView, campaign: CampaignView | None) -> Iterator[Page]:
        """Where supporters say that they opened an office's form or sent what only they can."""
        yield self._follower(
            "report", gettext_noop("Have you sent it?"), action, campaign, done="reported/"
        )
        yield self._follower("reported", gettext_noop("Noted. Thank you."), action, campaign)

    def privacy(
        self,
        rules: PrivacyNotice,
        *,
        campaign: CampaignView | None = None,
        actions: tuple[ActionView, ...] = (),
    ) -> Page:
        """The site's privacy page, or a campaign's."""
        with translation.override(self._lang):
            names = dict.fromkeys(name for action in actions for name in action.asked)
            asked = [gettext(FIELDS[name].label) for name in names]
            title = gettext("Privacy")
        questions = [question.label for action in actions for question in action.questions]
        texts = dict.fromkeys(box.text for action in actions for box in action.boxes)
        path = campaign.privacy if campaign else self._site.privacy
        others = campaign.alternates if campaign else self._site.homes
        head = self._heads.listed(
            title,
            path,
            alternates=tuple(Alternate(one.language, f"{one.path}privacy/") for one in others),
        )
        return self._page(
            "privacy",
            head,
            rules=rules,
            campaign=campaign,
            asked=[*asked, *questions],
            consents=list(texts),
            privacy=path,
        )

    def my_data(self) -> Iterator[Page]:
        """Where a supporter decides about their data, and the page after that."""
        path = f"/{self._lang}/my-data/"
        with translation.override(self._lang):
            choices = render_my_data.choices()
        spec = PageSpec(
            page=MY_DATA_PAGE,
            verb="manage",
            lang=self._lang,
            path=path,
            done=f"{path}done/",
            fields=(
                _TOKEN,
                FieldSpec(name="do", type="choice", required=True, choices=render_my_data.CHOICES),
            ),
            messages=words.messages(self._lang),
        )
        others = self._site.homes
        title = gettext_noop("Your data, your choice")
        head = self._heads.quiet(title, path, others=others, token=True)
        yield self._page("my_data", head, spec=spec, choices=choices)
        done = self._heads.quiet(gettext_noop("We will see to it"), spec.done, others=others)
        yield self._page("my_data_done", done)

    def errors(self, folder: str) -> Iterator[Page]:
        """A page for each error, in a folder."""
        for status, (code, title) in ERROR_TITLES.items():
            path = f"{folder}{status}.html"
            with translation.override(self._lang):
                heading = gettext(title)
                text = gettext(_ERROR_TEXTS.get(status) or words.REQUEST_WORDS[code])
            head = self._heads.quiet(title, path)
            yield self._page("error", head, status=status, title=heading, text=text)

    def chooser(self) -> Page:
        """The languages, where nothing else has chosen one."""
        head = self._heads.listed(self._site.name, "/", description=self._site.name)
        return self._page("chooser", head)

    def _follower(
        self,
        name: str,
        title: str,
        action: ActionView,
        campaign: CampaignView | None,
        *,
        done: str | None = None,
    ) -> Page:
        path = f"{action.path}{name}/"
        head = self._heads.quiet(
            title, path, name=action.title, others=action.alternates, token=bool(done)
        )
        return self._page(
            name,
            replace(head, reach=name == "thanks" and isinstance(action, ReachView)),
            spec=self._token_spec(name, action, path, done) if done else None,
            action=action,
            kind=action.kind,
            said=action.said,
            campaign=campaign,
            share=self._share(action) if campaign else None,
            privacy=campaign.privacy if campaign else None,
        )

    def _page(
        self,
        template: str,
        head: Head,
        *,
        spec: PageSpec | None = None,
        defaults: dict[str, str] | None = None,
        **context: Any,
    ) -> Page:
        with translation.override(self._lang):
            summary_title = gettext(words.SUMMARY_TITLE)
        slotted = render.render(
            f"public/{template}.html",
            lang=self._lang,
            site=self._site,
            head=head,
            preview=self._preview,
            summary_title=summary_title,
            **context,
        )
        return Page(path=head.path, slotted=slotted, defaults=defaults or {}, spec=spec)

    def _share(self, action: ActionView) -> ShareView:
        with translation.override(self._lang):
            return share(
                url=self._site.url + action.path,
                text=action.share_text,
                subject=action.share_subject,
            )

    def _sign_spec(self, action: ActionView, campaign: CampaignView) -> PageSpec:
        return PageSpec(
            page=action.page,
            kind=action.kind.name,
            lang=self._lang,
            path=action.path,
            done=f"{action.path}thanks/",
            fields=render_form.fields(action),
            consents=render_form.consents(action),
            opens=clock.to_ms(campaign.opens) if campaign.opens else None,
            closes=clock.to_ms(campaign.closes) if campaign.closes else None,
            messages=words.messages(self._lang)
            | render_form.labels(action, lang=self._lang)
            | (words.lookup_messages(self._lang) if _looks_up(action) else {}),
        )

    def _token_spec(self, verb: Any, action: ActionView, path: str, done: str) -> PageSpec:
        return PageSpec(
            page=action.page,
            verb=verb,
            kind=action.kind.name,
            lang=self._lang,
            path=path,
            done=action.path + done,
            fields=_REPORT if verb == "report" else (_TOKEN,),
            messages=words.messages(self._lang),
        )


def _looks_up(action: ActionView) -> bool:
    return isinstance(action, ReachView) and bool(action.lookup)


def _rows(fields: list[FieldView]) -> list[list[FieldView]]:
    rows: list[list[FieldView]] = []
    for field in fields:
        if rows and {rows[-1][-1].name, field.name} in _PAIRS:
            rows[-1].append(field)
        else:
            rows.append([field])
    return rows
