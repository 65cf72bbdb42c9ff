"""The address of the profile."""

from django.urls import path

from custode.web.person import views

urlpatterns = [path("profile/", views.profile, name="profile")]
