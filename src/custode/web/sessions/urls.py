"""URL patterns of one's own devices and of all users' sessions."""

from django.urls import path

from custode.web.sessions import everybody, mine

urlpatterns = [
    path("profile/devices/", mine.devices_page, name="my_devices"),
    path("profile/devices/others/", mine.disconnect_others, name="my_devices_others"),
    path("profile/devices/<int:pk>/disconnect/", mine.disconnect, name="my_device_disconnect"),
    path("security/sessions/", everybody.sessions_page, name="user_sessions"),
    path("security/sessions/disconnect/", everybody.disconnect_many, name="sessions_disconnect"),
    path(
        "security/sessions/<int:pk>/disconnect/",
        everybody.disconnect_one,
        name="session_disconnect",
    ),
]
