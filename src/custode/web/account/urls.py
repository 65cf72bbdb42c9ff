"""Addresses of the admin panel."""

from django.urls import path
from django.views.generic import RedirectView

from custode.web.account import access, activities, leaving, mail, privacy, teams, users, views

urlpatterns = [
    path("admin-panel/", RedirectView.as_view(pattern_name="account"), name="admin_panel"),
    path("admin-panel/account/", views.account_page, name="account"),
    path("admin-panel/account/sessions/", views.set_sessions, name="account_sessions"),
    path("admin-panel/account/two-factor/", views.set_two_factor, name="account_two_factor"),
    path("admin-panel/account/privacy/", privacy.privacy_page, name="privacy"),
    path("admin-panel/account/privacy/sharing/", privacy.set_sharing, name="sharing"),
    path(
        "admin-panel/account/privacy/<slug:verb>/<slug:kind>/",
        privacy.set_rule,
        name="privacy_rule",
    ),
    path("admin-panel/users/", users.users_page, name="users"),
    path("admin-panel/users/new/", users.new_user, name="user_new"),
    path("admin-panel/users/<int:pk>/", users.user_page, name="user"),
    path("admin-panel/users/<int:pk>/name/", users.set_name, name="user_name"),
    path("admin-panel/users/<int:pk>/role/", users.set_role, name="user_role"),
    path("admin-panel/users/<int:pk>/invite/", access.invite, name="user_invite"),
    path("admin-panel/users/<int:pk>/link/", access.new_link, name="user_link"),
    path("admin-panel/users/<int:pk>/address/", access.change_address, name="user_address"),
    path("admin-panel/users/<int:pk>/two-factor/", access.two_factor_off, name="user_two_factor"),
    path("admin-panel/users/<int:pk>/disable/", leaving.disable, name="user_disable"),
    path("admin-panel/users/<int:pk>/enable/", leaving.enable, name="user_enable"),
    path("admin-panel/activities/", activities.activities_page, name="activities"),
    path("admin-panel/activities/<int:pk>/", activities.change, name="activity"),
    path("admin-panel/activities/<int:pk>/offer/", activities.retire, name="activity_retire"),
    path("admin-panel/emails/", mail.mail_page, name="mail_server"),
    path("admin-panel/emails/off/", mail.mail_off, name="mail_off"),
    path("admin-panel/emails/test/", mail.mail_test, name="mail_test"),
    path("admin-panel/emails/templates/new/", mail.template_new, name="email_template_new"),
    path("admin-panel/emails/templates/<int:pk>/", mail.template, name="email_template"),
    path(
        "admin-panel/emails/templates/<int:pk>/offer/",
        mail.template_retire,
        name="email_template_retire",
    ),
    path("admin-panel/teams/", teams.teams_page, name="teams"),
    path("admin-panel/teams/new/", teams.new_team, name="team_new"),
    path("admin-panel/teams/<int:pk>/", teams.team_page, name="team"),
    path("admin-panel/teams/<int:pk>/dissolve/", teams.dissolve, name="team_dissolve"),
]
