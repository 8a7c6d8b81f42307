"""The model of a folder: one set of files and folders, each with its parent and children; a file is its media."""

from __future__ import annotations

from typing import Final

from demotic.model import (
    BOOLEAN,
    DATE_TIME_OFFSET,
    INT64,
    STRING,
    Annotation,
    EntityContainer,
    EntitySet,
    EntityType,
    Facets,
    Include,
    Model,
    NavigationProperty,
    Property,
    Reference,
    Schema,
)

CORE: Final = "Org.OData.Core.V1"
NAMESPACE: Final = "files"
_CORE_URI: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"


def folder_model() -> Model:
    """Return the model, new each time."""
    kind = EntityType(NAMESPACE, "File", has_stream=True)
    texts = {
        "Path": "Where it is, from the folder that is served, which is /.",
        "Size": "In bytes; a folder has none.",
        "MediaType": "As its name suggests.",
        "Modified": "When it was last written; null where the system does not tell.",
    }
    fine = Facets(precision=6)
    for item in (
        Property("Path", STRING, False),
        Property("Name", STRING, False),
        Property("IsFolder", BOOLEAN, False),
        Property("Size", INT64),
        Property("MediaType", STRING),
        Property("Modified", DATE_TIME_OFFSET, facets=fine),
        Property("Created", DATE_TIME_OFFSET, facets=fine),
    ):
        if item.name in texts:
            item.annotations.append(Annotation(f"{CORE}.Description", texts[item.name]))
        kind.properties[item.name] = item
    kind.own_key = (kind.properties["Path"],)
    parent = NavigationProperty("Parent", kind)
    children = NavigationProperty("Children", kind, collection=True)
    parent.partner, children.partner = children, parent
    kind.navigation = {"Parent": parent, "Children": children}
    files = EntitySet("Files", kind)
    files.bindings = {"Parent": files, "Children": files}
    schema = Schema(NAMESPACE, types={"File": kind}, container=EntityContainer("Container", {"Files": files}))
    return Model({NAMESPACE: schema}, [Reference(_CORE_URI, (Include(CORE, "Core"),))])
