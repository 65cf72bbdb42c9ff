"""URL patterns of exports."""

from django.urls import path

from custode.web.exports import views

urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/start/", views.start, name="export_start"),
    path("exports/<int:pk>/", views.download, name="export_file"),
    path("exports/<int:pk>/delete/", views.delete, name="export_delete"),
]
