"""The URL patterns of the web entrance: one line for each screen."""

from django.urls import include, path

urlpatterns = [
    path("", include("custode.web.shell.urls")),
    path("", include("custode.web.signin.urls")),
    path("", include("custode.web.proof.urls")),
    path("", include("custode.web.today.urls")),
    path("", include("custode.web.search.urls")),
    path("", include("custode.web.leads.urls")),
    path("", include("custode.web.clients.urls")),
    path("", include("custode.web.figures.urls")),
    path("", include("custode.web.prospecting.urls")),
    path("", include("custode.web.postsales.urls")),
    path("", include("custode.web.talk.urls")),
    path("", include("custode.web.exports.urls")),
    path("", include("custode.web.imports.urls")),
    path("", include("custode.web.trash.urls")),
    path("", include("custode.web.security.urls")),
    path("", include("custode.web.account.urls")),
    path("", include("custode.web.person.urls")),
    path("", include("custode.web.sessions.urls")),
]

handler400 = "custode.web.shell.problems.bad_request"
handler403 = "custode.web.shell.problems.forbidden"
handler404 = "custode.web.shell.problems.not_found"
handler500 = "custode.web.shell.problems.broken"
