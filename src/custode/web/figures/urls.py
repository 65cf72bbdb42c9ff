"""URL patterns of the page of figures."""

from django.urls import path

from custode.web.figures import views

urlpatterns = [path("figures/", views.figures, name="figures")]
