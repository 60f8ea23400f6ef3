"""Which addresses reach the same mailbox, and what came from them before.

A duplicate is kept and ranked, never dropped: which one is the person's own is known only when
one of them is confirmed.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

import idna
from django.db.models import Count

from groundswell.people.models import Participation


class Provider(NamedTuple):
    """How a mail provider reads the part before the @.

    `tag` begins what it ignores, `ignored` are characters it skips, `same` are pairs it takes for
    one another. `subdomains`: `any@name.example.com` is `name@example.com`.
    """

    domain: str
    tag: str = "+"
    ignored: str = ""
    same: str = ""
    subdomains: bool = False


_GMAIL: Final = Provider("gmail.com", ignored=".")
_PROTON: Final = Provider("proton.me", ignored=".-_")
_ICLOUD: Final = Provider("icloud.com")
_YANDEX: Final = Provider("yandex.ru", same=".-")
_FASTMAIL: Final = (
    "fastmail.com",
    "fastmail.fm",
    "fastmail.net",
    "sent.com",
)

PROVIDERS: Final[dict[str, Provider]] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), _PROTON),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    **dict.fromkeys(
        ("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"),
        _YANDEX,
    ),
    # One provider, but mailboxes of their own: a.b@hotmail.com need not be a.b@outlook.com.
    **{name: Provider(name) for name in ("outlook.com", "hotmail.com", "live.com", "msn.com")},
    **{name: Provider(name, subdomains=True) for name in _FASTMAIL},
}


def canonical(email: str) -> str:
    """One spelling for all spellings that reach the same mailbox, as far as providers tell.

    Only for comparing, never for sending: a mail goes to the address as it was typed.
    """
    local, _, domain = email.strip().rpartition("@")
    domain = _ascii(domain)
    provider = PROVIDERS.get(domain) or _by_subdomain(domain) or Provider(domain)
    if provider.subdomains and domain != provider.domain:
        return f"{domain.removesuffix('.' + provider.domain)}@{provider.domain}"
    return f"{_local(local.casefold(), provider)}@{provider.domain}"


def ranks(pairs: Iterable[tuple[UUID, bytes]]) -> dict[tuple[UUID, bytes], int]:
    """How many rows each pair of page and address has already; pairs without any are left out."""
    wanted = set(pairs)
    if not wanted:
        return {}
    found = (
        Participation.objects.filter(
            page_key__in={page for page, _ in wanted},
            email_index__in={index for _, index in wanted},
        )
        .values_list("page_key", "email_index")
        .annotate(number=Count("id"))
        .order_by()
    )
    return {(page, bytes(index)): number for page, index, number in found}


def _local(local: str, provider: Provider) -> str:
    kept = local.split(provider.tag, maxsplit=1)[0]
    for character in provider.ignored:
        kept = kept.replace(character, "")
    if provider.same:
        kept = kept.replace(provider.same[0], provider.same[1])
    # A name made of nothing but tag and dots has no mailbox that we could guess: it stays itself.
    return kept or local


def _by_subdomain(domain: str) -> Provider | None:
    _, _, parent = domain.partition(".")
    provider = PROVIDERS.get(parent)
    return provider if provider and provider.subdomains else None


def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain.rstrip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        return domain.lower()
