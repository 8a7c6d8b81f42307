"""The terms that keep what v1 to v3 say and v4 does not: annotations like any others, so that no form loses them.

Conceptual Schema Definition Language, versions 1.0 to 3.0 ([MC-CSDL], section 2.1), and the data services metadata
attributes ([MS-ODATA], section 2.2.3.7.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from demotic.model._annotations import Annotation, AnnotationValue

NAMESPACE: Final = "Demotic.V2"
"""The vocabulary of these terms."""

UNZONED: Final = f"{NAMESPACE}.DateTime"
"""On what is of Edm.DateTimeOffset: its values have no zone and are kept as if in UTC; v2 calls it Edm.DateTime."""
FIXED_LENGTH: Final = f"{NAMESPACE}.FixedLength"
"""On a property: whether all values are as long as ``MaxLength`` says."""
FIXED: Final = f"{NAMESPACE}.ConcurrencyFixed"
"""On a property: it is compared before a change, which v2 calls ``ConcurrencyMode="Fixed"``."""
ATTRIBUTES: Final = f"{NAMESPACE}.Attributes"
"""On anything: attributes of other namespaces (``sap:label``), records of ``Namespace``, ``Name`` and ``Value``."""
FEED: Final = f"{NAMESPACE}.FeedMapping"
"""On a property or an entity type: where Atom has its values, records of ``TargetPath``, ``KeepInContent``, ..."""
HTTP_METHOD: Final = f"{NAMESPACE}.HttpMethod"
"""On an operation import: the method that calls it."""
RELATIONSHIP: Final = f"{NAMESPACE}.Relationship"
"""On a navigation property: a record of ``Association``, ``FromRole`` and ``ToRole``."""
ASSOCIATION: Final = f"{NAMESPACE}.Association"
"""On a schema, with the association's name as qualifier: a record of what it says."""
ASSOCIATION_SET: Final = f"{NAMESPACE}.AssociationSet"
"""On a container, with the association set's name as qualifier: a record of what it says."""

CORE: Final = "Org.OData.Core.V1"
DESCRIPTION: Final = f"{CORE}.Description"
LONG_DESCRIPTION: Final = f"{CORE}.LongDescription"
MEDIA_TYPE: Final = f"{CORE}.MediaType"
OPTIMISTIC_CONCURRENCY: Final = f"{CORE}.OptimisticConcurrency"


def stated(annotations: Iterable[Annotation], term: str, default: AnnotationValue = None) -> AnnotationValue:
    """Return the value of the first annotation with a term."""
    return next((item.value for item in annotations if item.term == term and item.qualifier is None), default)
