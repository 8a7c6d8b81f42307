"""An item as HTML: its body with controls, and the feedback that its outcomes make visible.

Correct responses, mappings, rules and what feedback hides are not in the page: only what is to be seen is written at
all.

Specification: QTI 3.0 ASI information model, sections 2.10 (content), 3 (interactions) and 2.11 (feedback).
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from demotic.learning.qti.preferences import Preferences
from demotic.learning.qti.rendering._content import Content
from demotic.learning.qti.rendering._interactions import Interactions
from demotic.learning.qti.rendering._options import Options
from demotic.learning.qti.rendering._supports import look_of
from demotic.learning.qti.rendering._text import escaped, tag
from demotic.learning.qti.runtime import ItemProgram, ItemState, hidden_choices

__all__ = ["page", "render"]

_DEFAULT = Options()
_STYLE = (files("demotic.learning.qti.rendering") / "page.css").read_text(encoding="utf-8").replace("\n", " ")


def render(
    program: ItemProgram, state: ItemState, options: Options = _DEFAULT, *, pnp: Preferences | None = None
) -> str:
    """Return an item as a piece of HTML: a `div` with the body, and the modal feedback after it.

    The controls show the candidate's responses, saved or submitted; their names are those that `responses_from_form`
    reads. An item without body gives an empty `div`. With the needs and preferences of a candidate (`pnp`), the
    catalogs' content for the features that are on or offered stands behind what refers to it, and the look is changed.
    """
    values: dict[str, Any] = dict(state.responses)
    if options.solution:
        values = {name: state.corrects.get(name, each.correct) for name, each in program.responses.items()}
    interactions: Interactions | None = None

    def draw(node: Any) -> str:
        assert interactions is not None
        return interactions.draw(node)

    content = Content(program, state, options, draw, pnp)
    interactions = Interactions(content, values, hidden_choices(program, state))
    body = program.item.item_body
    shown = "" if body is None else content.html(body.children)
    lang = program.item.lang
    css = " ".join(["qti-item-body", *content.classes(body.class_ if body is not None else None)])
    parts = [tag("div", shown, class_=css, lang=lang)]
    parts += _feedback(program, state, content) if options.feedback else []
    css, style = look_of(pnp)
    return tag("div", "".join(parts), class_=f"qti-assessment-item{css}", style=style)


def _feedback(program: ItemProgram, state: ItemState, content: Content) -> list[str]:
    shown = []
    for feedback in program.item.modal_feedbacks:
        if state.status != "interacting" and content.is_shown(feedback.outcome_identifier, feedback):
            title = tag("h2", escaped(feedback.title)) if feedback.title else ""
            inside = title + content.html(feedback.flow)
            shown.append(tag("div", inside, class_="qti-modal-feedback qti-feedback", role="status"))
    return shown


def page(
    program: ItemProgram,
    state: ItemState,
    options: Options = _DEFAULT,
    *,
    submit: str | None = "Submit",
    pnp: Preferences | None = None,
) -> str:
    """Return an item as a whole page, with a form around it and a button named `submit` (none for None)."""
    button = "" if submit is None else tag("p", tag("button", escaped(submit), type="submit"))
    form = tag("form", render(program, state, options, pnp=pnp) + button, method="post", enctype="multipart/form-data")
    title = escaped(program.item.attributes.get("title") or program.item.attributes.get("identifier") or "Item")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    main = tag("main", tag("h1", title) + form)
    lang = program.item.lang or "en"
    return f"<!DOCTYPE html>\n{tag('html', tag('head', head + viewport) + tag('body', main), lang=lang)}\n"
