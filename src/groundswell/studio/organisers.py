"""The pages on which administrators look after organisers and roles, without what we do not use."""

from typing import Any, Final

from django.utils.functional import cached_property
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.groups import CreateView, EditView, GroupViewSet
from wagtail.users.views.users import UserViewSet

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


class _RolesSayItAll:
    """Without Wagtail's own mark for somebody who may do everything: a role says what one may."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, Any]
        self.fields.pop("is_superuser", None)


class NewOrganiserForm(_RolesSayItAll, UserCreationForm):
    """A new organiser."""


class OrganiserForm(_RolesSayItAll, UserEditForm):
    """What is known of an organiser, and their roles."""


class Organisers(UserViewSet):
    """Wagtail's pages for those who log in, with our own forms."""

    def get_form_class(self, for_update: bool = False) -> type[NewOrganiserForm | OrganiserForm]:
        return OrganiserForm if for_update else NewOrganiserForm
