"""URL patterns of the proof of identity."""

from django.urls import path

from custode.web.proof import views

urlpatterns = [path("proof/", views.proof, name="proof")]
