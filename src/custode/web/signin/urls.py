"""Addresses of coming in and going out."""

from django.urls import path

from custode.web.signin import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/<str:token>/", views.password, name="password"),
]
