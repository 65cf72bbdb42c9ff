"""URL patterns of the page of today."""

from django.urls import path

from custode.web.today import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/leads/<int:pk>/", views.lead, name="today_lead"),
    path("today/tasks/<int:pk>/", views.task, name="today_task"),
]
