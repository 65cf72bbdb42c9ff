"""URL patterns of prospecting lists and prospects."""

from django.urls import path

from custode.web.prospecting import acts, overview, prospect, rows, settings, sheet, talk

urlpatterns = [
    path("prospecting/", overview.overview, name="prospecting"),
    path("prospecting/new/", overview.new, name="prospecting_new"),
    path("prospecting/<int:pk>/", sheet.sheet, name="prospecting_list"),
    path("prospecting/<int:pk>/rows/", rows.rows, name="prospecting_rows"),
    path("prospecting/<int:pk>/write/", sheet.write, name="prospecting_write"),
    path("prospecting/<int:pk>/act/", acts.act, name="prospecting_act"),
    path("prospecting/<int:pk>/talk/", talk.talk, name="prospecting_talk"),
    path("prospecting/<int:pk>/settings/", settings.settings, name="prospecting_settings"),
    path("prospecting/<int:pk>/columns/", settings.change_columns, name="prospecting_columns"),
    path("prospecting/<int:pk>/share/", settings.share, name="prospecting_share"),
    path("prospecting/<int:pk>/archive/", settings.archive, name="prospecting_archive"),
    path("prospecting/<int:pk>/assign/", settings.assign, name="prospecting_assign"),
    path("prospecting/<int:pk>/delete/", settings.delete, name="prospecting_delete"),
    path("prospects/<int:pk>/", prospect.prospect, name="prospect"),
    path("prospects/<int:pk>/act/", prospect.act, name="prospect_act"),
]
