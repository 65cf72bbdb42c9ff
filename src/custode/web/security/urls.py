"""URL patterns of the security section."""

from django.urls import path

from custode.web.security import checking, entry, erasing, export_origin, undoing, views
from custode.web.security.alerts import rules
from custode.web.security.alerts import views as alerts
from custode.web.security.overview import views as overview

urlpatterns = [
    path("security/", overview.overview, name="security_home"),
    path("security/actions/", views.sensitive_actions, name="security"),
    path("security/actions/erase/", erasing.erase_entry, name="log_erase"),
    path("security/actions/<int:seq>/", entry.sensitive_action, name="sensitive_action"),
    path("security/actions/<int:seq>/undo/", entry.undo_part, name="undo_part"),
    path("security/log-check/", checking.log_check, name="log_check"),
    path("security/log-check/checkpoint/", checking.make_checkpoint, name="log_checkpoint"),
    path("security/log-check/checkpoints/", checking.set_checkpoints, name="log_checkpoints"),
    path("security/whose-export/", export_origin.whose_export, name="whose_export"),
    path("security/alerts/", alerts.alerts_page, name="alerts"),
    path("security/alerts/acknowledge/", alerts.acknowledge, name="alerts_acknowledge"),
    path("security/alerts/<int:pk>/undo/", undoing.undo_alert, name="undo_alert"),
    path("security/alerts/rules/", rules.rules_page, name="alert_rules"),
    path("security/alerts/rules/new/", rules.new_rule, name="alert_rule_new"),
    path("security/alerts/rules/<slug:key>/", rules.one_rule, name="alert_rule"),
    path("security/alerts/rules/<slug:key>/switch/", rules.switch, name="alert_rule_switch"),
    path("security/alerts/rules/<slug:key>/remove/", rules.remove, name="alert_rule_remove"),
]
