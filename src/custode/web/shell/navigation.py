"""The side bar: its places, and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


@cache
def url_of(name: str) -> str:
    """Return the address with this name, cached: every page needs some twenty, three times."""
    return reverse(name)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the side bar.

    Args:
        name: the name of its URL pattern.
        words: its label.
        icon: its lucide icon.
        go: the letter of its keyboard shortcut, after `g`.
        covers: the names of other addresses at which this line is the current one.
        in_bar: its label in the phone's bar at the bottom, which has room for five; "" for none.
    """

    name: str
    words: Words
    icon: str
    go: str
    covers: frozenset[str] = frozenset()
    in_bar: Words = ""

    @property
    def url(self) -> str:
        """Return the place's address."""
        return url_of(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading, which may be empty."""

    words: Words
    places: tuple[Place, ...]
    admins: bool = False


GROUPS: Final = (
    Group(
        "",
        (
            Place("today", _("Today"), "sun", "h", in_bar=_("Today")),
            Place("search", _("Search"), "search", "s"),
        ),
    ),
    Group(
        _("Leads"),
        (
            Place("board", _("Board"), "square-kanban", "b", in_bar=_("Board")),
            Place(
                "lead_list",
                _("List"),
                "rows-3",
                "l",
                frozenset({"lead", "lead_new", "email_new"}),
                in_bar=_("List"),
            ),
            Place(
                "folder_list",
                _("Clients"),
                "folder-open",
                "c",
                frozenset({"folder", "folder_new", "folder_edit", "contact", "contact_new"}),
                in_bar=_("Clients"),
            ),
            Place("figures", _("Figures"), "chart-column", "f"),
        ),
    ),
    Group(
        _("Prospecting"),
        (
            Place(
                "prospecting",
                _("Prospecting lists"),
                "sheet",
                "p",
                frozenset(
                    {
                        "prospecting_new",
                        "prospecting_list",
                        "prospecting_settings",
                        "prospecting_talk",
                        "prospect",
                    }
                ),
                in_bar=_("Prospects"),
            ),
        ),
    ),
    Group(
        _("Post-sales"),
        (
            Place(
                "tasks",
                pgettext_lazy("in the side bar", "Tasks"),
                "list-checks",
                "k",
                frozenset({"process_new", "process", "task_new", "task", "task_state"}),
            ),
        ),
    ),
    Group(
        _("Files"),
        (
            Place("imports", _("Import"), "upload", "i"),
            Place("exports", _("Exports"), "download", "e"),
            Place("trash", _("Trash"), "trash-2", "t", frozenset({"trash_entry", "purge"})),
        ),
    ),
    Group(
        _("Administration"),
        (
            Place(
                "security_home",
                _("Security"),
                "shield-check",
                "y",
                frozenset({"alerts", "alert_rules", "alert_rule", "alert_rule_new"}),
            ),
            Place(
                "security",
                _("Sensitive actions"),
                "shield",
                "v",
                frozenset(
                    {
                        "sensitive_action",
                        "whose_export",
                        "log_check",
                        "log_checkpoint",
                        "log_checkpoints",
                        "log_erase",
                    }
                ),
            ),
            Place(
                "user_sessions",
                _("User sessions"),
                "monitor-smartphone",
                "u",
                frozenset({"sessions_disconnect"}),
            ),
            Place(
                "account",
                _("Admin panel"),
                "settings",
                "a",
                frozenset(
                    {
                        "edition",
                        "privacy",
                        "sharing",
                        "users",
                        "user_new",
                        "user",
                        "user_leaves",
                        "user_erase",
                        "teams",
                        "team_new",
                        "team",
                        "activities",
                        "activity",
                        "pipelines",
                        "pipeline_delete",
                        "step_delete",
                        "tags",
                        "lead_fields",
                        "folder_fields",
                        "tag_delete",
                        "webhooks",
                        "webhook",
                        "mail_server",
                        "email_template",
                        "email_template_new",
                        "process_templates",
                        "process_template",
                        "template_task_new",
                        "template_task",
                        "keys",
                        "key_new",
                        "key_revoke",
                        "api_reference",
                    }
                ),
            ),
        ),
        admins=True,
    ),
)


def groups_for(is_admin: bool) -> list[Group]:
    """Return the groups that this person sees."""
    return [group for group in GROUPS if is_admin or not group.admins]


def current(here: str) -> str:
    """Return the name of the current place at this address, or ""."""
    return _CURRENT.get(here, "")


_CURRENT: Final = {
    name: place.name
    for group in GROUPS
    for place in group.places
    for name in (place.name, *place.covers)
}
