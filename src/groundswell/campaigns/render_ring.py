"""The pages on which supporters ask to be rung, beside a call page that offers it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec
from django.utils import translation
from django.utils.translation import gettext_noop

from groundswell.base import clock
from groundswell.base.wire import ConsentSpec, FieldSpec, PageSpec
from groundswell.campaigns import render_form, render_form_reach, words
from groundswell.campaigns.render_field import FieldView
from groundswell.campaigns.render_head import Heads
from groundswell.campaigns.render_reach_views import CallView
from groundswell.campaigns.render_views import ActionView, CampaignView
from groundswell.kinds.kind import FIELDS

if TYPE_CHECKING:
    from groundswell.campaigns.render_pages import Page

TITLE: Final = gettext_noop("We ring you and connect you")
DONE: Final = gettext_noop("Your phone will ring in a minute")
_PHONE: Final = FieldSpec(name="phone", type="phone", required=True, max=FIELDS["phone"].max)


def pages(
    action: ActionView,
    campaign: CampaignView,
    heads: Heads,
    page: Callable[..., "Page"],
    *,
    lang: str,
) -> Iterator["Page"]:
    """The form that asks for a number, and what follows it; none where it is not offered."""
    if not isinstance(action, CallView) or action.ring is None:
        return
    path = f"{action.path}ring/"
    spec = _spec(action, campaign, path, lang=lang)
    shared = {"action": action, "privacy": campaign.privacy, "kind": action.kind}
    others = action.alternates
    head = replace(
        heads.quiet(TITLE, path, name=action.title, others=others), reach=bool(action.lookup)
    )
    context = shared | _form(action, lang=lang)
    form = page("ring", head, spec=spec, campaign=replace(campaign, state="open"), **context)
    if campaign.state != "open":
        closed = page("ring", head, campaign=campaign, **context)
        form = replace(form, instead=closed.slotted)
    yield form
    done = heads.quiet(DONE, spec.done, name=action.title, others=others)
    yield page("ring_done", done, campaign=campaign, **shared)


def _fields(action: CallView) -> list[FieldSpec]:
    """What the form asks: the number, and where somebody lives if the page is for their own."""
    if not action.lookup:
        return [_PHONE]
    asked = action.kind.fields(asked=_asked(action))
    postcode = [spec for spec in asked if spec.name == "postcode"]
    return [render_form_reach.division(action), *postcode, _PHONE]


def _asked(action: CallView) -> dict[str, bool]:
    return {name: must for name, must in action.asked.items() if name == "postcode"}


def _form(action: CallView, *, lang: str) -> dict[str, object]:
    asked = replace(action, asked=_asked(action), questions=())
    views = render_form.field_views(asked, lang=lang)
    context = render_form_reach.context(asked, views, lang=lang)
    return {
        "place": context["place"],
        "postcode": context["postcode"],
        "phone": _phone_view(lang),
        "box": action.ring,
    }


def _phone_view(lang: str) -> FieldView:
    phone = FIELDS["phone"]
    with translation.override(lang):
        return FieldView(
            name=phone.name,
            widget="input",
            label=translation.gettext(phone.label),
            hint=translation.gettext(phone.hint),
            required=True,
            input_type="tel",
            autocomplete=phone.autocomplete,
            inputmode=phone.inputmode,
        )


def _spec(action: CallView, campaign: CampaignView, path: str, *, lang: str) -> PageSpec:
    box = action.ring
    boxes = (ConsentSpec(box.purpose, box.versions, required=True),) if box else ()
    messages = words.messages(lang) | {"label:phone": _phone_view(lang).label}
    if action.lookup:
        messages |= words.lookup_messages(lang)
        messages |= _place_labels(action, lang=lang)
    spec = PageSpec(
        page=action.page,
        verb="ring",
        kind=action.kind.name,
        lang=lang,
        path=path,
        done=f"{path}done/",
        fields=tuple(_fields(action)),
        consents=boxes,
        opens=clock.to_ms(campaign.opens) if campaign.opens else None,
        closes=clock.to_ms(campaign.closes) if campaign.closes else None,
    )
    return msgspec.structs.replace(spec, messages=messages)


def _place_labels(action: CallView, *, lang: str) -> dict[str, str]:
    known = render_form.labels(action, lang=lang)
    return {name: known[name] for name in ("label:division", "label:postcode") if name in known}
