"""The start address, and the way back from an act."""

from django.urls import path

from custode.web.shell import views

urlpatterns = [
    path("", views.home, name="home"),
    path("undo/<int:seq>/", views.undo, name="undo"),
]
