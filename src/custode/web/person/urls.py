"""URL patterns of a person's own pages."""

from django.urls import path

from custode.web.person import access, sign_in, views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/password/", access.my_password, name="my_password"),
    path("profile/address/", access.my_address, name="my_address"),
    path("profile/sign-in/", sign_in.overview, name="my_sign_in"),
    path("profile/sign-in/authenticator/", sign_in.authenticator, name="my_authenticator"),
    path(
        "profile/sign-in/authenticator/remove/",
        sign_in.authenticator_remove,
        name="my_authenticator_remove",
    ),
    path("profile/sign-in/passkeys/", sign_in.passkey_add, name="my_passkey_add"),
    path("profile/sign-in/passkeys/options/", sign_in.passkey_options, name="my_passkey_options"),
    path(
        "profile/sign-in/passkeys/<int:pk>/remove/",
        sign_in.passkey_remove,
        name="my_passkey_remove",
    ),
    path("profile/sign-in/codes/", sign_in.new_codes, name="my_codes"),
    path("profile/sign-in/off/", sign_in.switch_off, name="my_two_factor_off"),
]
