"""The studio's own tables: what Wagtail's approval workflow lacks, and what roles may do."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class SecondPersonApproval(AbstractGroupApprovalTask):
    """Approval by somebody of the groups who did not ask for it."""

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        state = obj.current_workflow_state
        if state is None or state.requested_by_id != user.pk:
            return actions
        return [action for action in actions if action[0] != "approve"]

    @classmethod
    def get_description(cls) -> Any:
        return _("Somebody of the chosen groups approves, other than who asked for it.")


class Desk(models.Model):
    """No table: it only gives the desk's permissions a place among Django's."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (
            ("see_directory", "See decision makers"),
            ("correct_directory", "Correct a decision maker's details"),
            ("build_lists", "Build target lists"),
            ("import_directory", "Import decision makers"),
            ("undo_directory", "Undo an import of decision makers"),
        )

    def __str__(self) -> str:
        return "desk"
