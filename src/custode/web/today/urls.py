"""The addresses of today."""

from django.urls import path

from custode.web.today import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/leads/<int:pk>/", views.lead, name="today_lead"),
]
