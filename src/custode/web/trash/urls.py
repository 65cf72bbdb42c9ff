"""URL patterns of the trash."""

from django.urls import path

from custode.web.trash import views

urlpatterns = [
    path("trash/", views.trash_page, name="trash"),
    path("trash/<int:pk>/", views.trash_entry, name="trash_entry"),
    path("trash/<int:pk>/restore/", views.restore, name="restore"),
    path("trash/<int:pk>/purge/", views.purge, name="purge"),
]
