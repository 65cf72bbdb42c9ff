"""A person's choices about a file besides its columns: pipeline, currency, unknown names."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from custode.exchange.importing.names import Names
from custode.exchange.reading import LeadMapping
from custode.kernel.errors import Invalid
from custode.leads.models import Pipeline

NEW: Final = "new"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices for one import.

    Args:
        pipeline: a pipeline's number, or `NEW`; for rows that name none.
        pipeline_name: the name of a new one.
        currency: the currency of amounts without one.
        owners: an owner's name, in any spelling -> a user's number, `NEW` (a person without
            sign-in), or `NONE`.
        others: what unknown names that are not in `owners` become: `NEW` or `NONE`. It does not
            apply to a name that matches several people.
        new_steps: whether missing steps are added to the pipeline; else such leads go to its first
            step, closed ones to its last.
    """

    pipeline: str = ""
    pipeline_name: str = ""
    currency: str = "EUR"
    owners: dict[str, str] = field(default_factory=dict)
    others: str = NONE
    new_steps: bool = False

    @classmethod
    def usual(cls, names: Names, currency: str, *, is_admin: bool) -> Choices:
        """Return the proposed choices: only admins create people and steps."""
        return cls(
            pipeline=str(names.usual_pipeline().pk),
            currency=currency,
            others=NEW if is_admin else NONE,
            new_steps=is_admin,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return asdict(self)

    def chosen(self, names: Names) -> Pipeline | None:
        """Return the chosen pipeline; None for a new one.

        Raises:
            Invalid: it does not exist, or the new one has no name.
        """
        if self.pipeline == NEW:
            if not self.pipeline_name.strip() or len(self.pipeline_name.strip()) > 80:
                raise Invalid(
                    _("Give the new pipeline a name of at most 80 characters."), "pipeline_name"
                )
            if names.pipeline_named(self.pipeline_name):
                raise Invalid(
                    _("There is a pipeline of this name already. Choose it."), "pipeline_name"
                )
            return None
        for one in names.pipelines:
            if str(one.pk) == self.pipeline:
                return one
        raise Invalid(_("Choose a pipeline."), "pipeline")


def fitted(mapping: LeadMapping, names: Names, choices: Choices) -> LeadMapping:
    """Map unknown steps to no step, for users who may not add steps."""
    if choices.new_steps:
        return mapping
    known = {step.name for steps in names.pipelines.values() for step in steps}
    return mapping.replace(
        steps={value: step if step in known else "" for value, step in mapping.steps.items()}
    )
