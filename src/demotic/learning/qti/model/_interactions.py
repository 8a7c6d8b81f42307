"""The twenty-two interactions and what they are made of.

Specification: QTI 3.0 ASI information model, section 2.3 and 2.4. Defaults that differ between the versions are in the
declarations: without `max-choices`, one choice is allowed in 2.2 and 3.0, any number in 2.1.
"""

from __future__ import annotations

from demotic.learning.qti.model._body import BodyElement, Html
from demotic.learning.qti.model._node import EMPTY, MIXED, REQUIRED, Node, attribute, many, one
from demotic.learning.qti.model._values import (
    Orientation,
    Shape,
    ShowHide,
    TextFormat,
    boolean,
    coordinates,
    double,
    ident,
    integer,
    member_of,
    names,
    point,
)
from demotic.learning.qti.model._version import Version

__all__ = [
    "INTERACTIONS", "Associable", "AssociableHotspot", "AssociateInteraction", "BlockInteraction", "Choice",
    "ChoiceInteraction", "ContextVariable", "CustomInteraction", "DrawingInteraction", "EndAttemptInteraction",
    "ExtendedTextInteraction", "FixedChoice", "Gap", "GapImg", "GapMatchInteraction", "GapText",
    "GraphicAssociateInteraction", "GraphicGapMatchInteraction", "GraphicInteraction", "GraphicOrderInteraction",
    "HotspotChoice", "HotspotInteraction", "Hottext", "HottextInteraction", "InlineChoice",
    "InlineChoiceInteraction", "InlineInteraction", "InlineLabel", "Interaction", "InteractionMarkup",
    "InteractionModule", "InteractionModules", "MatchInteraction", "Matching", "MediaInteraction",
    "OrderInteraction", "PortableCustomInteraction", "PositionObjectInteraction", "PositionObjectStage", "Prompt",
    "SelectPointInteraction", "SimpleAssociableChoice", "SimpleChoice", "SimpleMatchSet", "SliderInteraction",
    "StringInteraction", "TemplateVariable", "TextEntryInteraction", "UploadInteraction",
]  # fmt: skip


V20, V21, V22, V30 = Version.V2_0, Version.V2_1, Version.V2_2, Version.V3_0
_ORIENTATION = member_of(Orientation)


class Prompt(BodyElement, tag="prompt", content=MIXED):
    """What the candidate is asked to do."""


# What candidates choose from.


class Choice(BodyElement):
    """Something to choose; a template variable may show or hide it."""

    identifier = attribute(ident, required=True)
    template_identifier = attribute(ident, since=V21)
    show_hide = attribute(member_of(ShowHide), default=ShowHide.SHOW, since=V21)


class FixedChoice(Choice):
    """A choice that may keep its place when others are shuffled."""

    fixed = attribute(boolean, default=False)


class SimpleChoice(FixedChoice, tag="simple-choice", content=MIXED):
    """A choice of `ChoiceInteraction` and `OrderInteraction`."""


class InlineChoice(FixedChoice, tag="inline-choice", content=MIXED):
    """A choice of `InlineChoiceInteraction`."""


class Hottext(Choice, tag="hottext", content=MIXED):
    """Words in a text that can be chosen."""

    fixed = attribute(boolean, default=False, until=V21)


class Associable(Choice):
    """A choice that is associated with others."""

    match_group = attribute(names)


class Matching(Associable):
    """A choice that may be associated between `match_min` and `match_max` times; 0 for the latter is no limit."""

    match_max = attribute(integer, required=True)
    match_min = attribute(integer, default=0, since=V21)


class SimpleAssociableChoice(Matching, tag="simple-associable-choice", content=MIXED):
    """A choice of `AssociateInteraction` and `MatchInteraction`."""

    fixed = attribute(boolean, default=False)


class GapText(Matching, tag="gap-text", content=MIXED):
    """Text that fills gaps."""

    fixed = attribute(boolean, default=False, until=V21)


class GapImg(Matching, tag="gap-img"):
    """An image that fills gaps."""

    fixed = attribute(boolean, default=False, until=V21)
    object_label = attribute()
    top = attribute(since=V22)
    left = attribute(since=V22)
    images = many(Html)


class Gap(Associable, tag="gap", content=EMPTY):
    """A gap in a text."""

    fixed = attribute(boolean, default=False, until=V21)
    required = attribute(boolean, default=False, since=V21)


class SimpleMatchSet(Node, tag="simple-match-set"):
    """One of the two sides of `MatchInteraction`."""

    id = attribute()
    choices = many(SimpleAssociableChoice)


class HotspotChoice(Choice, tag="hotspot-choice", content=EMPTY):
    """An area of an image that can be chosen."""

    fixed = attribute(boolean, default=False, until=V21)
    shape = attribute(member_of(Shape), required=True)
    coords = attribute(coordinates, required=True)
    hotspot_label = attribute()


class AssociableHotspot(Matching, tag="associable-hotspot", content=EMPTY):
    """An area of an image that can be associated with others."""

    fixed = attribute(boolean, default=False, until=V21)
    shape = attribute(member_of(Shape), required=True)
    coords = attribute(coordinates, required=True)
    hotspot_label = attribute()


# The interactions.


class Interaction(BodyElement):
    """A place where the candidate responds, bound to a response variable."""

    response_identifier = attribute(ident, required=True)


class InlineInteraction(Interaction):
    """An interaction within a text."""


class BlockInteraction(Interaction):
    """An interaction that stands by itself, with a prompt."""

    prompt = one(Prompt)


class GraphicInteraction(BlockInteraction):
    """An interaction on an image: an `object`, or in 3.0 an `img` or `picture`."""

    images = many(Html, least=1, most=1)

    @property
    def image(self) -> Html | None:
        """The image."""
        return next((child for child in self.children if isinstance(child, Html)), None)


class ChoiceInteraction(BlockInteraction, tag="choice-interaction"):
    """Choose some of several choices."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    max_choices = attribute(integer, default=1, older={V20: REQUIRED, V21: 0})
    min_choices = attribute(integer, default=0, since=V21)
    orientation = attribute(_ORIENTATION, default=Orientation.VERTICAL, since=V21)
    choices = many(SimpleChoice, least=1)


class OrderInteraction(BlockInteraction, tag="order-interaction"):
    """Put choices in order."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    min_choices = attribute(integer, since=V21)
    max_choices = attribute(integer, since=V21)
    orientation = attribute(_ORIENTATION)
    choices = many(SimpleChoice, least=1)


class AssociateInteraction(BlockInteraction, tag="associate-interaction"):
    """Pair choices with each other."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    max_associations = attribute(integer, default=1, older={V20: REQUIRED})
    min_associations = attribute(integer, default=0, since=V21)
    choices = many(SimpleAssociableChoice, least=1)


class MatchInteraction(BlockInteraction, tag="match-interaction"):
    """Pair the choices of two sets."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    max_associations = attribute(integer, default=1, older={V20: REQUIRED})
    min_associations = attribute(integer, default=0, since=V21)
    sets = many(SimpleMatchSet, least=2, most=2)


class GapMatchInteraction(BlockInteraction, tag="gap-match-interaction", content=MIXED):
    """Fill the gaps of a text."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    min_associations = attribute(integer, since=V22)
    max_associations = attribute(integer, default=1, older={V20: 0, V21: 0}, since=V22)
    choices = many(GapText, GapImg, least=1)

    @property
    def gaps(self) -> list[Gap]:
        """The gaps, however deep they stand."""
        return list(self.find(Gap))


class InlineLabel(BodyElement, tag="label", old="qti-label", since=V30, content=MIXED):
    """The label of an inline choice; in 2.2 it is HTML's `label`."""


class InlineChoiceInteraction(InlineInteraction, tag="inline-choice-interaction"):
    """Choose one of several words."""

    shuffle = attribute(boolean, default=False, older={V20: REQUIRED})
    required = attribute(boolean, default=False, since=V21)
    min_choices = attribute(integer, default=0, since=V30)
    labels = many(InlineLabel, Html)
    choices = many(InlineChoice, least=1)


class StringInteraction(Interaction):
    """What text interactions have in common."""

    number_base = attribute(integer, default=10, wire="base", old="base")
    string_identifier = attribute(ident)
    expected_length = attribute(integer)
    pattern_mask = attribute()
    placeholder_text = attribute()


class TextEntryInteraction(StringInteraction, InlineInteraction, tag="text-entry-interaction", content=EMPTY):
    """Type a few words or a number."""

    format = attribute(since=V22)


class ExtendedTextInteraction(StringInteraction, BlockInteraction, tag="extended-text-interaction"):
    """Type a longer text, or several."""

    max_strings = attribute(integer)
    min_strings = attribute(integer, default=0, since=V21)
    expected_lines = attribute(integer)
    format = attribute(
        member_of(TextFormat, {"preFormatted": TextFormat.PREFORMATTED, "pre-formatted": TextFormat.PREFORMATTED}),
        default=TextFormat.PLAIN,
        since=V21,
    )


class HottextInteraction(BlockInteraction, tag="hottext-interaction", content=MIXED):
    """Choose words of a text."""

    max_choices = attribute(integer, default=1, older={V20: REQUIRED, V21: 0})
    min_choices = attribute(integer, default=0, since=V21)

    @property
    def choices(self) -> list[Hottext]:
        """The words that can be chosen, however deep they stand."""
        return list(self.find(Hottext))


class HotspotInteraction(GraphicInteraction, tag="hotspot-interaction"):
    """Choose areas of an image."""

    min_choices = attribute(integer, default=0, since=V21)
    max_choices = attribute(integer, default=1, older={V20: REQUIRED, V21: 0})
    choices = many(HotspotChoice, least=1)


class SelectPointInteraction(GraphicInteraction, tag="select-point-interaction"):
    """Choose points of an image."""

    min_choices = attribute(integer, default=0, since=V21)
    max_choices = attribute(integer, default=0, older={V20: REQUIRED})


class GraphicOrderInteraction(GraphicInteraction, tag="graphic-order-interaction"):
    """Put areas of an image in order."""

    min_choices = attribute(integer, since=V21)
    max_choices = attribute(integer, since=V21)
    choices = many(HotspotChoice, least=1)


class GraphicAssociateInteraction(GraphicInteraction, tag="graphic-associate-interaction"):
    """Pair areas of an image."""

    min_associations = attribute(integer, default=0, since=V21)
    max_associations = attribute(integer, default=1, older={V20: REQUIRED})
    choices = many(AssociableHotspot, least=1)


class GraphicGapMatchInteraction(GraphicInteraction, tag="graphic-gap-match-interaction"):
    """Place images or texts on areas of an image."""

    min_associations = attribute(integer, default=0, since=V22)
    max_associations = attribute(integer, default=1, older={V20: 0, V21: 0}, since=V22)
    choices = many(GapText, GapImg, least=1)
    hotspots = many(AssociableHotspot, least=1)


class PositionObjectInteraction(Interaction, tag="position-object-interaction"):
    """Place an image on points of the stage."""

    center_point = attribute(point, spelled={V21: "centrePoint"})
    min_choices = attribute(integer, since=V21)
    max_choices = attribute(integer, default=1, older={V20: REQUIRED, V21: 0})
    images = many(Html, least=1, most=1)

    @property
    def image(self) -> Html | None:
        """The image to place."""
        return next((child for child in self.children if isinstance(child, Html)), None)


class PositionObjectStage(Node, tag="position-object-stage"):
    """The image that others are placed on."""

    id = attribute(since=V22)
    images = many(Html, least=1, most=1)
    interactions = many(PositionObjectInteraction, least=1)

    @property
    def image(self) -> Html | None:
        """The image of the stage."""
        return next((child for child in self.children if isinstance(child, Html)), None)


class SliderInteraction(BlockInteraction, tag="slider-interaction"):
    """Choose a number on a scale."""

    lower_bound = attribute(double, required=True)
    upper_bound = attribute(double, required=True)
    step = attribute(double, default=1.0)
    step_label = attribute(boolean, default=False)
    orientation = attribute(_ORIENTATION)
    reverse = attribute(boolean)


class MediaInteraction(BlockInteraction, tag="media-interaction", since=V21):
    """Watch or listen; the response is how often."""

    autostart = attribute(boolean, required=True)
    min_plays = attribute(integer, default=0)
    max_plays = attribute(integer, default=0)
    loop = attribute(boolean, default=False)
    coords = attribute(coordinates, since=V22)
    media = many(Html, least=1, most=1)


class DrawingInteraction(GraphicInteraction, tag="drawing-interaction"):
    """Draw on an image."""


class UploadInteraction(BlockInteraction, tag="upload-interaction"):
    """Give a file."""

    type = attribute(names)


class EndAttemptInteraction(InlineInteraction, tag="end-attempt-interaction", content=EMPTY):
    """End the attempt, by a button of one's own."""

    title = attribute(required=True)
    count_attempt = attribute(boolean, default=True, since=V21)


class CustomInteraction(Interaction, tag="custom-interaction", content=MIXED):
    """An interaction that the specification does not have; whatever is in it is kept."""


# Portable custom interactions (PCI), as data.


class InteractionModule(Node, tag="interaction-module", since=V30, content=EMPTY):
    """A module of script, and where it is."""

    id = attribute()
    primary_path = attribute()
    fallback_path = attribute()


class InteractionModules(Node, tag="interaction-modules", since=V30):
    """The modules that an interaction needs."""

    primary_configuration = attribute(default="modules/module_resolution.js")
    secondary_configuration = attribute(default="modules/fallback_module_resolution.js")
    modules = many(InteractionModule)


class InteractionMarkup(BodyElement, tag="interaction-markup", since=V30, content=MIXED):
    """The content that an interaction begins with."""


class TemplateVariable(Node, tag="template-variable", since=V30, content=EMPTY):
    """A template variable that an interaction is told."""

    template_identifier = attribute(ident, required=True)


class ContextVariable(Node, tag="context-variable", since=V30, content=EMPTY):
    """A context variable that an interaction is told."""

    identifier = attribute(ident, required=True)


class PortableCustomInteraction(BlockInteraction, tag="portable-custom-interaction", since=V30):
    """An interaction whose script comes with the item. It is kept as data and never run here."""

    custom_interaction_type_identifier = attribute(required=True)
    module = attribute()
    modules = one(InteractionModules)
    markup = one(InteractionMarkup)
    template_variables = many(TemplateVariable)
    context_variables = many(ContextVariable)


INTERACTIONS: dict[str, type[Interaction]] = {
    cls.tag: cls for cls in tuple(vars().values()) if isinstance(cls, type) and issubclass(cls, Interaction) and cls.tag
}
"""The interactions by the names that 3.0 gives them."""
