"""All addresses: those for machines as they are, pages once in each language (Spanish under /es/)."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

from upward.web.api.routes import api
from upward.web.core.views import healthz, robots

handler400 = "upward.web.core.views.bad_request"
handler403 = "upward.web.core.views.not_allowed"
handler404 = "upward.web.core.views.not_found"
handler429 = "upward.web.core.views.too_many"  # asked for by django-allauth
handler500 = "upward.web.core.views.broken"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", RedirectView.as_view(url="/static/icon.svg", permanent=True), name="icon"),
    path("robots.txt", robots, name="robots"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", include("upward.web.core.urls")),
        path("", include("upward.web.library.urls")),
        path("account/", include("upward.web.accounts.provided_urls")),
        path("", include("upward.web.accounts.urls")),
        path("", include("upward.web.plans.urls")),
        path("", include("upward.web.comments.urls")),
        path("", include("upward.web.publishing.urls")),
        path("", include("upward.web.records.urls")),
        path("", include("upward.web.evidence.urls")),
        path("", include("upward.web.readiness.urls")),
        path("", include("upward.web.strategy.urls")),
        path("", include("upward.web.measurement.urls")),
        path("", include("upward.web.documents.urls")),
        path("", include("upward.web.jobs.urls")),
        prefix_default_language=False,
    ),
]
