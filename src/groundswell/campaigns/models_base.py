"""What every public page has in common: where it is found, how it is previewed."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from groundswell.base import env

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The addresses below a page that are its own: a child of that name would hide them.
RESERVED_SLUGS: Final = frozenset(
    {
        "api",
        "assets",
        "closed",
        "confirm",
        "confirmed",
        "count",
        "done",
        "errors",
        "healthz",
        "media",
        "my-data",
        "privacy",
        "report",
        "reported",
        "thanks",
        "withdraw",
        "withdrawn",
    }
)


class EmptyState(NamedTuple):
    """What the studio says where a page has nothing below it yet."""

    title: "StrOrPromise"
    text: "StrOrPromise"
    button: "StrOrPromise"


class PublicPage(Page):
    """A page that is published as files to the public door and lives there, not here."""

    empty_state: EmptyState | None = None
    show_in_menus_default = False
    # What is published is a file that anybody may read: a password here would protect nothing.
    private_page_options: list[str] = []
    promote_panels = [
        FieldPanel(
            "slug",
            heading=_("address"),
            help_text=_(
                "The last part of the page's web address. Changing it breaks links already shared."
            ),
        ),
        FieldPanel(
            "seo_title",
            heading=_("title for search engines"),
            help_text=_("Empty: the page's own title."),
        ),
        FieldPanel(
            "search_description",
            heading=_("description for search engines"),
            help_text=_("Empty: the summary."),
        ),
    ]

    class Meta:
        abstract = True

    @property
    def language(self) -> str:
        """The page's language, as in its public path."""
        return str(self.locale.language_code)

    @property
    def public_path(self) -> str:
        """Where the page is at the public door, such as `/en/clean-air/sign/`."""
        below_home = str(self.url_path).split("/")[2:-1]
        return "/" + "/".join([self.language, *below_home]) + "/"

    @property
    def public_url(self) -> str:
        """The page's full address at the public door."""
        return env.load().public_url.rstrip("/") + self.public_path

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:
        """Wagtail's hook for links: they lead to the public door, whatever site it looks from."""
        return (0, env.load().public_url.rstrip("/"), self.public_path)

    def relative_url(self, current_site: Any, request: HttpRequest | None = None) -> str:
        return self.public_url

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str:
        return self.public_url

    url = property(get_url)

    def get_full_url(self, request: HttpRequest | None = None) -> str:
        return self.public_url

    full_url = property(get_full_url)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from groundswell.campaigns import publish  # noqa: PLC0415  publish reads these models

        return publish.render_preview(self, request, mode_name)

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {
                    "slug": _("“%(slug)s” is an address we need ourselves. Choose another.")
                    % {"slug": self.slug}
                }
            )
