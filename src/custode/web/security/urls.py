"""Addresses of the security section."""

from django.urls import path

from custode.web.security import views

urlpatterns = [path("security/actions/", views.sensitive_actions, name="security")]
