"""URL patterns of the search over everything."""

from django.urls import path

from custode.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
]
