"""Addresses of the messengers desk: effect."""

from django.urls import URLPattern, path

from groundswell.studio.messengers import live, reports

_HERE = "messengers/campaign/<uuid:campaign_key>"
_ONE = f"{_HERE}/reports/<uuid:key>"
_OWN = f"{_HERE}/reports/own"

urlpatterns: list[URLPattern] = [
    path(f"{_HERE}/live/", live.page, name="messengers_live"),
    path(f"{_HERE}/live/part/", live.part, name="messengers_live_part"),
    path(f"{_HERE}/live.json", live.numbers, name="messengers_live_json"),
    path(f"{_HERE}/reports/", reports.index, name="messengers_reports"),
    path(f"{_HERE}/reports.csv", reports.index_csv, name="messengers_reports_csv"),
    path(f"{_ONE}/", reports.one, name="messengers_report"),
    path(f"{_ONE}.pdf", reports.pdf, name="messengers_report_pdf"),
    path(f"{_ONE}.png", reports.png, name="messengers_report_png"),
    path(f"{_ONE}.csv", reports.csv, name="messengers_report_csv"),
    path(f"{_OWN}/", reports.one, name="messengers_report_own"),
    path(f"{_OWN}.pdf", reports.pdf, name="messengers_report_own_pdf"),
    path(f"{_OWN}.png", reports.png, name="messengers_report_own_png"),
    path(f"{_OWN}.csv", reports.csv, name="messengers_report_own_csv"),
]
