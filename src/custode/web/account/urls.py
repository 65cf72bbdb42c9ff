"""Addresses of the admin panel."""

from django.urls import path
from django.views.generic import RedirectView

from custode.web.account import access, activities, leaving, privacy, retiring, teams, users, views
from custode.web.account import pipelines as pipes

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
    path("admin-panel/pipelines/", pipes.pipelines_page, name="pipelines"),
    path("admin-panel/pipelines/order/", pipes.order, name="pipelines_order"),
    path("admin-panel/pipelines/<int:pk>/", pipes.rename, name="pipeline"),
    path("admin-panel/pipelines/<int:pk>/default/", pipes.default, name="pipeline_default"),
    path("admin-panel/pipelines/<int:pk>/steps/", pipes.add_step, name="pipeline_steps"),
    path("admin-panel/pipelines/<int:pk>/order/", pipes.order_steps, name="steps_order"),
    path("admin-panel/pipelines/<int:pk>/delete/", retiring.pipeline, name="pipeline_delete"),
    path("admin-panel/steps/<int:pk>/", pipes.rename_step, name="step"),
    path("admin-panel/steps/<int:pk>/delete/", retiring.step, name="step_delete"),
    path("admin-panel/teams/", teams.teams_page, name="teams"),
    path("admin-panel/teams/new/", teams.new_team, name="team_new"),
    path("admin-panel/teams/<int:pk>/", teams.team_page, name="team"),
    path("admin-panel/teams/<int:pk>/dissolve/", teams.dissolve, name="team_dissolve"),
]
