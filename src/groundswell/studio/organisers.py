"""The pages on which administrators look after roles, without what we have no use for."""

from typing import Any, Final

from django.utils.functional import cached_property
from wagtail.users.views.groups import CreateView, EditView, GroupViewSet

# Wagtail offers permissions on documents and collections; there is nothing here to use them on.
UNUSED: Final = {"document_permissions", "collection_permissions"}


class _OnlyWhatWeUse:
    @cached_property
    def permission_panel_forms(self) -> list[Any]:
        panels: list[Any] = super().permission_panel_forms  # type: ignore[misc]
        return [panel for panel in panels if panel.prefix not in UNUSED]


class NewRole(_OnlyWhatWeUse, CreateView):
    """A new role."""


class EditRole(_OnlyWhatWeUse, EditView):
    """What a role may do."""


class Roles(GroupViewSet):
    """Wagtail's pages for groups, with our own for making and changing one."""

    add_view_class = NewRole
    edit_view_class = EditRole
