"""URL patterns of signing in and out, and of mailed links."""

from django.urls import path

from custode.web.signin import by_link, forgotten, second, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", second.second_factor, name="second_factor"),
    path("sign-in/passkey/", second.passkey, name="sign_in_passkey"),
    path("sign-in/passkey/options/", second.passkey_options, name="sign_in_passkey_options"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("forgot/", forgotten.forgot, name="forgot"),
    path("password/<str:token>/", by_link.password, name="password"),
    path("address/<str:token>/", by_link.address, name="address"),
    path("not-me/<str:token>/", by_link.not_me, name="not_me"),
]
