"""The tables of client folders and their contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.clients import sight
from custode.fields import exporting
from custode.fields.models import HeldKey, held_values
from custode.fields.values import COLUMN, searched
from custode.guard.kinds import Bulk, Column, Kind, Verb
from custode.guard.owned import Guarded, Part
from custode.kernel.text import fold, labelled_lines


def own_columns(rows: models.QuerySet[Any]) -> tuple[Column, ...]:
    """Return the columns that the account's default fields add to an export."""
    return exporting.columns(ClientFolder.kind.name, ClientFolder.kind.export)


class ClientFolder(Guarded):
    """A client: all deals with them, their contacts, and the conversation."""

    kind = Kind(
        name="client_folder",
        singular=_("client folder"),
        plural=_("client folders"),
        label="name",
        sees=sight.sees,
        edits=sight.edits,
        rules={
            Verb.EXPORT: _("Only admins can export client folders"),
            Verb.DELETE: _("Only admins can delete client folders"),
        },
        content_fields=r"name|description|field_values:.+|contact:.+",
        bulk=(Bulk("owner", check=sight.require_assign, transfers_ownership=True),),
        extra_columns=own_columns,
        export=(
            Column("id", "pk", _("Number")),
            Column("name", "name", _("Name")),
            Column("owner_first_name", "owner__first_name", _("Owner's first name")),
            Column("owner_last_name", "owner__last_name", _("Owner's last name")),
            Column("contacts", "contacts__written", _("Contacts"), many=True, separator="\n"),
            Column(
                "contact_emails",
                "contacts__email",
                _("E-mail addresses of the contacts"),
                many=True,
                only=Q(email__gt=""),
            ),
            Column(
                "contact_phones",
                "contacts__phone",
                _("Telephone numbers of the contacts"),
                many=True,
                only=Q(phone__gt=""),
            ),
            Column("deactivated_at", "deactivated_at", _("Deactivated")),
            Column("created_at", "created_at", _("Created")),
            Column("updated_at", "updated_at", _("Last changed")),
            Column("description", "description", _("Description")),
        ),
    )
    follows = ("name_folded", "searched")
    keyed = (COLUMN,)

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=50_000)
    field_values = held_values()
    owner = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("owner"),
    )  # fmt: skip
    created_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True)
    """When it was deactivated; from then on nothing new goes into it. None while it is in use."""
    name_folded = models.CharField(max_length=400, editable=False)
    searched = models.TextField(editable=False)
    """Name, description, default fields and contacts, folded: the text to search."""

    class Meta(Guarded.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "name_folded", "id"],
                name="folder_by_name",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "-updated_at", "-id"],
                name="folder_latest",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "owner"],
                name="folder_of_owner",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "trash"],
                name="folder_in_trash",
                condition=Q(trash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the derived columns up to date."""
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the folded name and the text to search."""
        self.name_folded = fold(self.name)[:400]
        contacts = self.contacts.values_list("written", flat=True) if self.pk else ()
        texts = (self.name, self.description, *searched(self.field_values), *contacts)
        self.searched = fold("\n".join(texts))

    @property
    def is_active(self) -> bool:
        """Whether new deals may go into it."""
        return self.deactivated_at is None

    @property
    def fields(self) -> dict[str, str]:
        """The `Label: value` lines of the description."""
        return labelled_lines(self.description)


class Contact(Part):
    """A contact person at a client."""

    part_of = "folder"
    loose = True

    folder = models.ForeignKey(ClientFolder, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    written = models.CharField(max_length=600, editable=False)
    """The whole contact on one line: for history, search and exports."""

    class Meta(Part.Meta):
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.written

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping that line up to date."""
        self.written = " · ".join(filter(None, self.parts.values()))
        super().save(*args, **kwargs)

    @property
    def parts(self) -> dict[str, str]:
        """The contact's parts that people write, by name."""
        return {"name": self.name, "role": self.role, "email": self.email, "phone": self.phone}


class FolderKey(HeldKey):
    """A client folder's normalised value in a key field, which reveals duplicates."""

    part_of = "folder"

    folder = models.ForeignKey(ClientFolder, on_delete=models.CASCADE, related_name="+")

    class Meta(HeldKey.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "field", "key"], name="folder_key_found"),
        ]
