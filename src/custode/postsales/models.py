"""The tables of post-sales processes, their tasks, and templates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.guard.kinds import Bulk, Kind, Verb
from custode.guard.owned import Guarded, Owned, Retirable
from custode.kernel import clock
from custode.kernel.text import fold
from custode.postsales import sight


class State(models.TextChoices):
    """The state of a task, in the words used for leads."""

    TODO = "todo", pgettext_lazy("of a task", "To do")
    STANDBY = "standby", _("Standby")
    DONE = "done", pgettext_lazy("of a task", "Done")


class Process(Guarded):
    """The work done for a client after a lead was closed: some tasks."""

    kind = Kind(
        name="process",
        singular=_("post-sales process"),
        plural=_("post-sales processes"),
        label="title",
        sees=sight.processes,
        edits=sight.edits_processes,
        parents=("lead",),
        rules={Verb.DELETE: _("Only admins can delete post-sales processes and tasks")},
        content_fields="title",
    )

    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=120)
    created_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(Guarded.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "lead", "id"],
                name="process_of_lead",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "trash"],
                name="process_in_trash",
                condition=Q(trash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Task(Guarded):
    """A task of a process."""

    kind = Kind(
        name="task",
        singular=_("post-sales task"),
        plural=_("post-sales tasks"),
        label="text",
        sees=sight.tasks,
        edits=sight.edits_tasks,
        parents=("process",),
        rules_from="process",
        content_fields="text",
        plans={"due_date": ("status", "remind_date")},
        bulk=(Bulk("assignee", transfers_ownership=True),),
    )
    follows = ("searched",)

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("task"), max_length=200)
    searched = models.TextField(editable=False)
    """The text, folded, to be searched."""
    position = models.PositiveIntegerField(default=0)
    status = models.CharField(_("status"), max_length=10, choices=State, default=State.TODO)
    assignee = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("assignee"),
    )  # fmt: skip
    due_date = models.DateField(_("due"), null=True, blank=True)
    """A day in the assignee's time zone."""
    remind_date = models.DateField(_("reminder"), null=True, blank=True)
    """Until when it is on standby, or was until it came back; None once its status is set."""
    remind_time = models.TimeField(_("time of the reminder"), null=True, blank=True)
    """The hour of that day, in the assignee's time zone; None for its beginning."""
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who marked it as done; None also for a program."""

    class Meta(Guarded.Meta):
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(status="standby") | Q(remind_date__isnull=False),
                name="task_on_standby_has_a_day",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "process", "position", "id"],
                name="task_of_process",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "assignee", "status", "due_date", "id"],
                name="task_of_assignee",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "status", "due_date", "id"],
                name="task_by_day",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "remind_date", "id"],
                name="task_on_standby",
                condition=Q(trash__isnull=True, status="standby"),
            ),
            models.Index(
                fields=["account", "trash"], name="task_in_trash", condition=Q(trash__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the folded text up to date."""
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the fields that are derived from others."""
        self.searched = fold(self.text)


class Who(models.TextChoices):
    """Who is assigned a template's task when a process is started from it."""

    OWNER = "owner", _("The lead's owner")
    STARTER = "starter", _("Whoever starts the process")
    PERSON = "person", _("A given person")


class ProcessTemplate(Retirable):
    """A template for processes: tasks with their days and assignees."""

    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="process_template_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateTask(Owned):
    """A task of a template."""

    template = models.ForeignKey(ProcessTemplate, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(_("task"), max_length=200)
    position = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    """How many days after the start of the process it is due."""
    who = models.CharField(max_length=10, choices=Who, default=Who.OWNER)
    person = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip

    class Meta(Owned.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(who="person", person__isnull=False)
                | (~Q(who="person") & Q(person__isnull=True)),
                name="template_task_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text
