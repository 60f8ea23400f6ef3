"""The pages around an open letter: its versions, its names, the press's, the frame's, reports."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from groundswell.base.wire import ConsentSpec, FieldSpec, PageSpec
from groundswell.campaigns import letter_diff, words
from groundswell.campaigns.render_field import FieldView
from groundswell.campaigns.render_head import Head, Heads
from groundswell.campaigns.render_letter_views import NameView, OpenLetterView, PersonView, frame
from groundswell.campaigns.render_views import ActionView, Alternate, CampaignView
from groundswell.kinds.open_letter.kind import FLAG_REASONS, NOTE_MAX, TEXT

if TYPE_CHECKING:
    from groundswell.campaigns.render_pages import Page

Make = Callable[..., "Page"]
REASON: Final = gettext_noop("What is wrong with it?")
NOTE: Final = gettext_noop("Anything else we should know")
# What the list of errors calls the number of a name, which the link to the page brings along.
WHICH: Final = gettext_noop("The name you mean: please use the link beside it")
_FLAG: Final = (
    FieldSpec(name="t", type="token", required=True),
    FieldSpec(name="reason", type="choice", required=True, choices=tuple(FLAG_REASONS)),
    FieldSpec(name="note", type="text", max=NOTE_MAX),
)


class LetterPages:
    """Makes the pages around one letter in one language; `make` is what makes any page."""

    def __init__(
        self, action: OpenLetterView, campaign: CampaignView, heads: Heads, make: Make, *, lang: str
    ) -> None:
        self._action = action
        self._heads = heads
        self._make = make
        self._lang = lang
        self._shared: dict[str, Any] = {
            "action": action,
            "campaign": campaign,
            "kind": action.kind,
            "privacy": campaign.privacy,
        }

    def all(self, url: str) -> Iterator["Page"]:
        """Those that are published with the campaign; `url` is the site's. Names come apart."""
        yield from self._versions()
        yield from self._flag()
        yield self._press(url)
        if self._action.embed:
            yield self._embed()

    def names(
        self, number: int, names: Sequence[NameView], *, before: int | None, after: int | None
    ) -> "Page":
        """One page of the names that are shown."""
        head = self._listed(gettext_noop("All names"), f"names/{number}/")
        return self._page(
            "letter_names", head, number=number, names=names, before=before, after=after
        )

    def all_names(self, shown: int, pages: Sequence[int]) -> "Page":
        """The way to each page of names, the newest first."""
        head = self._listed(gettext_noop("All names"), "names/")
        return self._page("letter_names_all", head, shown=shown, pages=pages)

    def _versions(self) -> Iterator["Page"]:
        if not self._action.versions:
            return
        yield self._page("letter_versions", self._listed(gettext_noop("All versions"), "versions/"))
        for one in self._action.versions:
            path = f"versions/{one.number}/"
            head = replace(
                self._listed(gettext_noop("All versions"), path, number=one.number), alternates=()
            )
            yield self._page("letter_version", head, version=one)

    def _flag(self) -> Iterator["Page"]:
        path = f"{self._action.path}flag/"
        others = self._action.alternates
        head = self._heads.quiet(
            gettext_noop("Report a name"), path, name=self._action.title, others=others, token=True
        )
        spec = PageSpec(
            page=self._action.page,
            verb="flag",
            kind=self._action.kind.name,
            lang=self._lang,
            path=path,
            done=f"{path}done/",
            fields=_FLAG,
            messages=words.messages(self._lang) | self._labels(),
        )
        rows = [[view] for view in self._fields()]
        yield self._page("letter_flag", head, spec=spec, rows=rows)
        done = self._heads.quiet(
            gettext_noop("Thank you for telling us"),
            spec.done,
            name=self._action.title,
            others=others,
        )
        yield self._page("letter_flagged", done)

    def _fields(self) -> list[FieldView]:
        with translation.override(self._lang):
            options = tuple((code, gettext(said)) for code, said in FLAG_REASONS.items())
            return [
                FieldView(
                    name="reason",
                    widget="radios",
                    label=gettext(REASON),
                    required=True,
                    options=options,
                ),
                FieldView(name="note", widget="textarea", label=gettext(NOTE), required=False),
            ]

    def _labels(self) -> dict[str, str]:
        with translation.override(self._lang):
            named = {f"label:{view.name}": view.label for view in self._fields()}
            return named | {"label:t": gettext(WHICH)}

    def _press(self, url: str) -> "Page":
        head = self._listed(gettext_noop("For the press"), "press/")
        return self._page(
            "letter_press",
            head,
            plain=plain_parts(self._action, self._lang),
            snippet=frame(url=url + self._action.path, title=self._action.title),
        )

    def _embed(self) -> "Page":
        path = f"{self._action.path}embed/"
        head = replace(self._heads.quiet(self._action.title, path), script=False)
        return replace(self._page("letter_embed", head), framed=True)

    def _listed(self, title: str, below: str, *, number: int = 0) -> Head:
        with translation.override(self._lang):
            named = f"{gettext(title)} {number}" if number else gettext(title)
        return self._heads.listed(
            f"{named} · {self._action.title}",
            self._action.path + below,
            description=self._action.description,
            alternates=tuple(
                Alternate(one.language, one.path + below) for one in self._action.alternates
            ),
        )

    def _page(self, template: str, head: Head, **context: Any) -> "Page":
        return self._make(template, replace(head, letter=True), **self._shared | context)


def text_spec(action: ActionView) -> tuple[ConsentSpec, ...]:
    """What tells which text is signed: the number of any text that was ever on the page."""
    if not isinstance(action, OpenLetterView):
        return ()
    return (ConsentSpec(purpose=TEXT, versions=action.texts, required=True),)


def plain_text(action: OpenLetterView, lang: str) -> str:
    """The letter as plain text: title, addressees, text, and who signed first, and which text."""
    return "\n\n".join(plain_parts(action, lang)) + "\n"


def plain_parts(action: OpenLetterView, lang: str) -> list[str]:
    """The same, a paragraph at a time."""
    to = [", ".join(filter(None, (one.name, one.role, one.organization))) for one in action.targets]
    with translation.override(lang):
        people = [_signed(one) for group in action.groups for one in group.people]
    parts = [action.title, "\n".join(to), *letter_diff.paragraphs(action.text), "\n".join(people)]
    return [part for part in parts if part]


def _signed(one: PersonView) -> str:
    """A first signatory on a line, with the text they signed if the letter says something else."""
    line = f"{one.name}, {one.about}" if one.about else one.name
    if one.version is None:
        return line
    return f"{line} ({gettext('signed version %(n)s') % {'n': one.version}})"
