"""The studio's own small pages: errors in plain words, and pictures for organisers only."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.static import serve

from groundswell.base import env


def csrf_failure(request: HttpRequest, **_: str) -> HttpResponse:
    """A form that came too late, or from elsewhere."""
    return render(request, "studio/error_form.html", status=403)


def public_page(request: HttpRequest) -> HttpResponse:
    """On to the same path at the public door."""
    return HttpResponseRedirect(env.load().public_url.rstrip("/") + request.path)


@login_required
def media(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """An uploaded file. Drafts are nobody's business but the organisers'."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
