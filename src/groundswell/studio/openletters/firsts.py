"""First signatories: who is invited, who has signed which text, and their private links."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.campaigns import letter_texts
from groundswell.campaigns.models import Signatory
from groundswell.people import open_letter_firsts as firsts
from groundswell.people import queries
from groundswell.studio.openletters import access, words
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.forms import EditForm
from groundswell.studio.openletters.views import card_of, frame

State = Signatory.State


@needs(access.SEE)
def index(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """All first signatories of a letter, in their order."""
    card = card_of(page_key)
    stands = letter_texts.standing(page_key=page_key)
    found = Signatory.objects.filter(page_key=page_key).order_by("position", "id")
    people = list(found.defer("picture", "sealed"))
    with_picture = set(found.exclude(picture=b"").values_list("pk", flat=True))
    reachable = set(found.exclude(sealed=b"").values_list("pk", flat=True))
    rows = [
        {
            "one": one,
            "place": place,
            "state": words.STATES[one.state],
            "badge": words.BADGES[one.state],
            "standing": _standing(one, stands),
            "works": firsts.works(one),
            "picture": one.pk in with_picture,
            "has_email": one.pk in reachable,
        }
        for place, one in enumerate(people, 1)
    ]
    behind = firsts.behind(page_key=page_key)
    context = {
        **frame(request, card, "firsts"),
        "rows": rows,
        "counts": _counts(people),
        "behind": behind,
        "mailable": len(_to_mail(page_key)),
    }
    return render(request, "studio/openletters/firsts.html", context)


@needs(access.SEE)
def one(request: HttpRequest, page_key: UUID, key: UUID) -> HttpResponseBase:
    """One first signatory: how they stand, their link, what happened."""
    card, signatory = card_of(page_key), signatory_of(page_key, key)
    may_run = queries.may(request.user, access.RUN)
    bound = request.method == "POST" and may_run
    form = EditForm(request.POST, request.FILES) if bound else EditForm(initial=_initial(signatory))
    if bound and form.is_valid():
        _save(request, signatory, form)
        messages.success(request, _("Saved."))
        return redirect("openletters_first", page_key=page_key, key=key)
    context = {
        **frame(request, card, "firsts", signatory.name),
        "one": signatory,
        "form": form,
        "state": words.STATES[signatory.state],
        "badge": words.BADGES[signatory.state],
        "link": firsts.link(signatory) if may_run else "",
        "works": firsts.works(signatory),
        "has_picture": bool(signatory.picture),
        "steps": [
            (step, words.STEPS.get(step.what, step.what), words.by(step.by))
            for step in signatory.steps.order_by("-pk")
        ],
    }
    return render(request, "studio/openletters/first.html", context, status=422 if bound else 200)


@require_POST
@needs(access.RUN)
def do(request: HttpRequest, page_key: UUID, key: UUID) -> HttpResponseBase:
    """A new link, a mail with it, revoking it, or taking somebody off the letter."""
    signatory = signatory_of(page_key, key)
    what = request.POST.get("do", "")
    if what == "link":
        firsts.new_link(signatory=signatory, by=request.user)
        messages.success(request, _("There is a new link. The one before works no more."))
    elif what == "revoke":
        firsts.revoke(signatory=signatory, by=request.user)
        messages.success(request, _("The link works no more. What was signed stays."))
    elif what == "mail":
        _say_mailed(request, firsts.mail(page_key=page_key, among=[key], by=request.user))
    elif what == "withdraw":
        firsts.withdraw(signatory=signatory, by=request.user)
        messages.success(request, _("Taken off the letter, at their wish."))
    else:
        raise Http404
    return redirect("openletters_first", page_key=page_key, key=key)


@needs(access.RUN)
def remove(request: HttpRequest, page_key: UUID, key: UUID) -> HttpResponseBase:
    """GET: what erasing means. POST: erase all there is of somebody."""
    card, signatory = card_of(page_key), signatory_of(page_key, key)
    if request.method == "POST":
        firsts.remove(signatory=signatory, by=request.user)
        messages.success(request, _("Erased, from the public page as well."))
        return redirect("openletters_one", page_key=page_key)
    title = _("Erase %(name)s?") % {"name": signatory.name}
    context = {
        **frame(request, card, "firsts", title),
        "question": title,
        "text": _(
            "Name, picture, address and history go for good, here and on the public page. Who only"
            " wants to be taken off the letter can do so on their own page."
        ),
        "button": _("Erase"),
        "back": reverse("openletters_first", args=[page_key, key]),
    }
    return render(request, "studio/openletters/ask.html", context)


@require_POST
@needs(access.RUN)
def mail(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Mail their links to all who were invited and were not mailed theirs yet; nobody twice."""
    card_of(page_key)
    keys = [one.key for one in _to_mail(page_key)]
    _say_mailed(request, firsts.mail(page_key=page_key, among=keys, by=request.user))
    return redirect("openletters_one", page_key=page_key)


@needs(access.RUN)
def ask_again(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """GET: who signed an earlier text. POST: ask those chosen about the present one."""
    card = card_of(page_key)
    behind = firsts.behind(page_key=page_key)
    if request.method == "POST":
        chosen = {one.key for one in behind if one.key.hex in request.POST.getlist("key")}
        number = firsts.ask_again(page_key=page_key, among=chosen, by=request.user)
        if number and "mail" in request.POST:
            firsts.mail(page_key=page_key, among=chosen, by=request.user)
        messages.success(
            request,
            ngettext(
                "%(n)s person is asked. They stay with what they signed until they answer.",
                "%(n)s people are asked. They stay with what they signed until they answer.",
                number,
            )
            % {"n": number},
        )
        return redirect("openletters_one", page_key=page_key)
    newest = max((row.number for row in letter_texts.revisions(page_key=page_key)), default=0)
    context = {
        **frame(request, card, "firsts", _("Ask again")),
        "rows": [(one, one.asked_revision == newest, bool(one.sealed)) for one in behind],
        "newest": newest,
    }
    return render(request, "studio/openletters/ask_again.html", context)


def signatory_of(page_key: UUID, key: UUID) -> Signatory:
    """One first signatory of a letter. Raises Http404."""
    found = Signatory.objects.filter(page_key=page_key, key=key).first()
    if found is None:
        raise Http404
    return found


def _to_mail(page_key: UUID) -> list[Signatory]:
    """Those invited by a link that works and was not mailed to them, and is not about to be."""
    rows = Signatory.objects.filter(page_key=page_key, state=State.INVITED, mailed_at=None)
    rows = rows.filter(mail_due_at=None).exclude(sealed=b"").defer("picture")
    return [one for one in rows if firsts.works(one)]


def _standing(one: Signatory, stands: Mapping[Any, str]) -> str:
    if one.state != State.SIGNED:
        return ""
    return str(words.STANDINGS[stands.get((one.language, one.revision), "earlier")])


def _counts(people: list[Signatory]) -> list[tuple[str, str, int]]:
    counts = [(code, str(said), sum(one.state == code for one in people))
              for code, said in words.STATES.items()]  # fmt: skip
    return [one for one in counts if one[2]]


def _initial(signatory: Signatory) -> dict[str, Any]:
    return {
        "name": signatory.name,
        "role": signatory.role,
        "affiliation": signatory.affiliation,
        "group": signatory.group,
        "email": firsts.email_of(signatory),
        "alt": signatory.picture_alt,
    }


def _save(request: HttpRequest, signatory: Signatory, form: EditForm) -> None:
    said = form.cleaned_data
    firsts.change(signatory=signatory, by=request.user, entry=form.entry(), picture_alt=said["alt"])
    if said["no_picture"] and signatory.picture:
        firsts.set_picture(signatory=signatory, picture=b"", by=request.user)
    elif said["picture"]:
        firsts.set_picture(signatory=signatory, picture=said["picture"], by=request.user)


def _say_mailed(request: HttpRequest, number: int) -> None:
    if not number:
        words_ = _("Nobody was mailed: no e-mail address, no link that works, or mailed before.")
        messages.warning(request, words_)
        return
    said = ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", number)
    messages.success(request, said % {"n": number})
