"""URL patterns of the start page, and of the undo of an act."""

from django.urls import path

from custode.web.shell import views

urlpatterns = [
    path("", views.home, name="home"),
    path("undo/<int:seq>/", views.undo, name="undo"),
]
