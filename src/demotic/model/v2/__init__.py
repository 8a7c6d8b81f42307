"""A model as OData 2 (and 3) has it. The model is of version 4; this is how each thing of it appears, and where from.

    version 4                          version 2                                  version 3
    ---------------------------------  -----------------------------------------  ------------------------------
    DateTimeOffset                     Edm.DateTimeOffset; Edm.DateTime where     as in 2
                                       values have no zone (`UNZONED`)
    Date                               Edm.DateTime, at midnight                  as in 2
    TimeOfDay; Duration under 24 h     Edm.Time                                   as in 2
    the other simple types             of the same name                           as in 2
    Stream, Geography..., Geometry...  left out                                   of the same name
    PrimitiveType, Untyped, ...        left out                                   left out
    enumeration                        its underlying type                        an enumeration
    type definition                    its underlying type and facets             as in 2
    complex type                       a complex type with the properties of      as in 2
                                       its base types; a base type is not stated
    entity type                        an entity type                             as in 2
    collection of values               left out; a function may return it         Collection(...)
    contained entities                 left out, as no set has them               left out
    singleton                          left out                                   left out
    navigation property                one through an association: that which     as in 2
                                       was read, else one that is made up
    its partner                        the other end's navigation property        as in 2
    its binding to a set               an association set                         as in 2
    referential constraint             one of the association, if it names the    as in 2
                                       whole key
    function or action, imported       a function import with its method, GET     as in 2
                                       for functions, POST for actions
    function or action, bound          left out                                   a bindable function import
    overloads; a function that         left out                                   left out
    returns entities of no set
    a type of another document         left out with what is of it                as in 2
    Core.OptimisticConcurrency         ConcurrencyMode="Fixed"                    as in 2
    Core.MediaType of a property       m:MimeType                                 as in 2
    Core.Description, LongDescription  Documentation                              as in 2
    `FEED` annotations                 m:FC_TargetPath and the like               as in 2
    `ATTRIBUTES` annotations           attributes such as sap:label               as in 2
    other annotations                  annotations of version 4                   as in 2

The other way, from a document of version 1 to 3: Edm.DateTime becomes DateTimeOffset without a zone, Edm.Time a
TimeOfDay; containers beside the default one are kept in `Schema.other_containers`; an association is navigation with
partner, constraint and bindings, and what it says beyond these is annotated (`ASSOCIATION`, `ASSOCIATION_SET`,
`RELATIONSHIP`), as are feed mappings and foreign attributes. So it can be written again as it was.

`demotic.model.csdl` reads and writes the documents: ``write_xml(model, version="2.0")``.

[MS-ODATA] and [MC-CSDL] (versions 1 and 2), OData Version 3.0 and CSDL Version 3.0.
"""

from demotic.model.v2._associations import Association, AssociationSet, Constraint, End, Relationship
from demotic.model.v2._declared import annotated_association, annotated_set
from demotic.model.v2._feeds import ATOM, KNOWN_TARGETS, FeedMapping, feed_mappings
from demotic.model.v2._functions import METHODS, FunctionImport
from demotic.model.v2._principals import never_insertable, unbound_principals
from demotic.model.v2._projection import Projection
from demotic.model.v2._terms import (
    ASSOCIATION,
    ASSOCIATION_SET,
    ATTRIBUTES,
    DESCRIPTION,
    FEED,
    FIXED,
    FIXED_LENGTH,
    HTTP_METHOD,
    LONG_DESCRIPTION,
    MEDIA_TYPE,
    NAMESPACE,
    OPTIMISTIC_CONCURRENCY,
    RELATIONSHIP,
    UNZONED,
    stated,
)
from demotic.model.v2._types import ORIGINS, PRIMITIVE_NAMES, type_name

__all__ = [
    "ASSOCIATION",
    "ASSOCIATION_SET",
    "ATOM",
    "ATTRIBUTES",
    "DESCRIPTION",
    "FEED",
    "FIXED",
    "FIXED_LENGTH",
    "HTTP_METHOD",
    "KNOWN_TARGETS",
    "LONG_DESCRIPTION",
    "MEDIA_TYPE",
    "METHODS",
    "NAMESPACE",
    "OPTIMISTIC_CONCURRENCY",
    "ORIGINS",
    "PRIMITIVE_NAMES",
    "RELATIONSHIP",
    "UNZONED",
    "Association",
    "AssociationSet",
    "Constraint",
    "End",
    "FeedMapping",
    "FunctionImport",
    "Projection",
    "Relationship",
    "annotated_association",
    "annotated_set",
    "feed_mappings",
    "never_insertable",
    "stated",
    "type_name",
    "unbound_principals",
]
