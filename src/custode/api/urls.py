"""The URL patterns of the API entrance."""

from django.urls import path

from custode.api.simple import simple
from custode.api.v2 import api

urlpatterns = [path("api/v2/", api.urls), path("api/simple/", simple.urls)]
