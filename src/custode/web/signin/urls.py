"""Addresses of coming in and going out."""

from django.urls import path

from custode.web.signin import second, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", second.second_factor, name="second_factor"),
    path("sign-in/passkey/", second.passkey, name="sign_in_passkey"),
    path("sign-in/passkey/options/", second.passkey_options, name="sign_in_passkey_options"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/<str:token>/", views.password, name="password"),
]
