"""Items as accessible HTML, answered with a browser's own controls."""

from demotic.learning.qti.rendering._form import responses_from_form
from demotic.learning.qti.rendering._options import Options
from demotic.learning.qti.rendering._render import page, render

__all__ = ["Options", "page", "render", "responses_from_form"]
