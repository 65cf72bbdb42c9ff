"""URL patterns of imports."""

from django.urls import path

from custode.web.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:pk>/", views.one, name="import"),
    path("imports/<int:pk>/mapping/", views.mapping, name="import_mapping"),
    path("imports/<int:pk>/back/", views.back, name="import_back"),
    path("imports/<int:pk>/start/", views.start, name="import_start"),
    path("imports/<int:pk>/stop/", views.stop, name="import_stop"),
    path("imports/<int:pk>/discard/", views.discard, name="import_discard"),
    path("imports/<int:pk>/refused/", views.refused, name="import_refused"),
]
