"""Content packages: open, look into, change, check and export them.

IMS Content Packaging 1.1.3 to 1.2 and its profiles: QTI packages, Common Cartridge, SCORM.
"""

from demotic.learning.cp._errors import (
    BrokenManifest,
    IdentifierTaken,
    NoManifest,
    NotAPackage,
    NotInManifest,
    PackageFault,
    PackageFileFault,
    PackagePathFault,
    PackageStorageFault,
)
from demotic.learning.cp._ignore import DEFAULT_IGNORED, Ignored
from demotic.learning.cp._manifest import (
    Dependency,
    File,
    Item,
    Manifest,
    Organization,
    Organizations,
    Resource,
    Resources,
    Title,
    Variant,
)
from demotic.learning.cp._metadata import (
    Composite,
    FeedbackType,
    InteractionType,
    ItemTemplate,
    Location,
    Metadata,
    QtiMetadata,
    Schema,
    SchemaVersion,
    ScoringMode,
    SolutionAvailable,
    TimeDependent,
    ToolName,
    ToolVendor,
    ToolVersion,
)
from demotic.learning.cp._names import CP, CP_NAMESPACES, MANIFEST_NAME
from demotic.learning.cp._open import PACKAGE_LIMITS, new_package, open_package
from demotic.learning.cp._package import Package
from demotic.learning.cp._paths import joined, normal_path, relative_path
from demotic.learning.cp._profile import Profile
from demotic.learning.cp._rules import RULES
from demotic.learning.cp._table import FileTable

__all__ = [
    "CP",
    "CP_NAMESPACES",
    "DEFAULT_IGNORED",
    "MANIFEST_NAME",
    "PACKAGE_LIMITS",
    "RULES",
    "BrokenManifest",
    "Composite",
    "Dependency",
    "FeedbackType",
    "File",
    "FileTable",
    "IdentifierTaken",
    "Ignored",
    "InteractionType",
    "Item",
    "ItemTemplate",
    "Location",
    "Manifest",
    "Metadata",
    "NoManifest",
    "NotAPackage",
    "NotInManifest",
    "Organization",
    "Organizations",
    "Package",
    "PackageFault",
    "PackageFileFault",
    "PackagePathFault",
    "PackageStorageFault",
    "Profile",
    "QtiMetadata",
    "Resource",
    "Resources",
    "Schema",
    "SchemaVersion",
    "ScoringMode",
    "SolutionAvailable",
    "TimeDependent",
    "Title",
    "ToolName",
    "ToolVendor",
    "ToolVersion",
    "Variant",
    "joined",
    "new_package",
    "normal_path",
    "open_package",
    "relative_path",
]
