"""What a campaign's story is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
STORY_FEATURES = ["h2", "h3", *TEXT_FEATURES]


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=600)
    source = blocks.CharBlock(
        label=_("Who said it"), max_length=120, required=False, help_text=_("Name and role.")
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")


class StoryBlock(blocks.StreamBlock):
    """Rich text, pictures with alt text (or marked as decoration), quotes."""

    text = blocks.RichTextBlock(label=_("Text"), features=STORY_FEATURES, icon="pilcrow")
    picture = ImageBlock(label=_("Picture"))
    quote = QuoteBlock()

    class Meta:
        required = False


class ChoicesBlock(blocks.StreamBlock):
    """The answers a supporter may choose from. Each keeps its id when its words change."""

    choice = blocks.CharBlock(label=_("Answer"), max_length=120, icon="radio-empty")

    class Meta:
        required = False
        max_num = 40
