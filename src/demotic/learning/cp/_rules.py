"""The rules that packages are checked by, each with code, severity, message and advice.

Errors break IMS Content Packaging 1.2 or the profile that the package names; warnings are legal, and most often
mistakes; infos are good to know. Codes are stable. `docs/content-packages.md` lists them.
"""

from __future__ import annotations

from typing import Final

from demotic.learning.findings import Rule
from demotic.learning.lom import LOM_RULES

__all__ = ["RULES"]

_RULES: Final = (
    # The manifest as a document
    Rule("not-declared", "error", "{problem}", "the specification has no such thing here; take it out or correct it"),
    Rule(
        "metadata-not-declared",
        "warning",
        "{problem}",
        "correct it, or whoever looks for metadata will not find this; IMS MD 1.2 and IEEE LOM have different names",
    ),
    Rule(
        "no-namespace",
        "error",
        "the manifest is in no namespace",
        "write <manifest xmlns={namespace!r}>, or the namespace of the profile",
    ),
    Rule("schema", "error", "{message}", "see the schema: {rule}"),
    Rule("no-organizations", "error", "the manifest has no organizations element", "put in an empty <organizations/>"),
    Rule("no-resources", "error", "the manifest has no resources element", "put in an empty <resources/>"),
    Rule(
        "no-schema",
        "info",
        "the metadata does not say which schema and version the package follows",
        "put in <schema> and <schemaversion>: tools choose by them",
    ),
    # Identifiers and what refers to them
    Rule("no-identifier", "error", "the {kind} has no identifier", "give it one that nothing else in the manifest has"),
    Rule(
        "bad-identifier",
        "warning",
        "the identifier {identifier!r} is no XML name, as an ID must be",
        "begin it with a letter or _, and use letters, digits, '.', '-' and '_' only",
    ),
    Rule(
        "duplicate-identifier",
        "error",
        "the identifier {identifier!r} belongs to the {other} at line {line} too",
        "give one of them another, and correct what refers to it",
    ),
    Rule(
        "dangling-default",
        "error",
        "the default organization {target!r} is not there",
        "name one of the organizations: {known}",
    ),
    Rule(
        "dangling-item",
        "error",
        "the item {identifier!r} refers to {target!r}, which is no resource or manifest here",
        "add that resource, or correct identifierref",
    ),
    Rule(
        "dangling-dependency",
        "error",
        "the resource {identifier!r} depends on {target!r}, which is no resource here",
        "add that resource, or take the dependency out",
    ),
    Rule(
        "dangling-variant",
        "error",
        "the resource {identifier!r} has the variant {target!r}, which is no resource here",
        "add that resource, or take the variant out",
    ),
    Rule(
        "no-identifierref",
        "error",
        "the {kind} of the resource {identifier!r} has no identifierref",
        "name a resource in it, or take it out",
    ),
    Rule(
        "duplicate-dependency",
        "warning",
        "the resource {identifier!r} depends on {target!r} twice",
        "take one of the two out",
    ),
    Rule(
        "dependency-cycle",
        "warning",
        "resources depend on each other in a circle: {circle}",
        "take one dependency out: tools that follow them may never end",
    ),
    # Resources and files
    Rule("no-type", "error", "the resource {identifier!r} has no type", "say what it is, e.g. type='webcontent'"),
    Rule(
        "unknown-type",
        "warning",
        "the resource {identifier!r} has the type {type!r}, which {profile} does not know",
        "take one of: {known}",
    ),
    Rule(
        "empty-resource",
        "warning",
        "the resource {identifier!r} has neither files nor an entry point nor dependencies",
        "name its files, or take it out",
    ),
    Rule(
        "no-href", "error", "a file element of the resource {identifier!r} has no href", "name the file, or take it out"
    ),
    Rule(
        "missing-file",
        "error",
        "the file {path!r} is not in the package",
        "put the file in, correct href, or take the reference out",
    ),
    Rule(
        "file-name-differs",
        "error",
        "the file {path!r} is not in the package, but {other!r} is, which differs in case or Unicode form only",
        "write href as the file is named: many systems tell the two apart",
    ),
    Rule(
        "ignored-file",
        "error",
        "the file {path!r} is ignored, so it will not be exported",
        "rename it: names with a dot in front are left behind by systems and version control",
    ),
    Rule("outside-package", "error", "{problem}", "put the file into the package and write href relative to it"),
    Rule("folder-as-file", "error", "{path!r} is a folder", "name each file in it"),
    Rule(
        "manifest-as-file",
        "warning",
        "the resource {identifier!r} names the manifest as one of its files",
        "take it out: the manifest belongs to the whole package",
    ),
    Rule(
        "not-encoded",
        "warning",
        "the reference {href!r} is not percent-coded",
        "write it as {encoded!r}: href is a URI",
    ),
    Rule("backslash", "warning", "the reference {href!r} has backslashes", "write / between names: href is a URI"),
    Rule(
        "external-file",
        "info",
        "the file {href!r} is not in the package",
        "whoever uses the package needs to reach it there",
    ),
    Rule(
        "duplicate-file",
        "warning",
        "the resource {identifier!r} names the file {path!r} twice",
        "take one of the two out",
    ),
    Rule(
        "entry-not-listed",
        "warning",
        "the entry point {path!r} of the resource {identifier!r} is not among its files",
        "put in <file href={href!r}/>: what a resource consists of is what its files name",
    ),
    Rule(
        "wrong-type",
        "error",
        "the resource {identifier!r} is of the type {type!r}, but its file {path!r} {found}",
        "correct the type, or the file: it should be {expected}",
    ),
    Rule(
        "wrong-version",
        "warning",
        "the resource {identifier!r} is of the type {type!r}, but its file {path!r} is of the version {found}",
        "correct the type, or convert the file",
    ),
    Rule(
        "unreferenced-file",
        "info",
        "nothing in the manifest names the file {path!r}",
        "name it in a resource, unless it is there for other files (a schema, say)",
    ),
    Rule(
        "name-collision",
        "error",
        "{path!r} and {other!r} are the same on systems that do not tell case or Unicode forms apart",
        "rename one of them",
    ),
    Rule(
        "unportable-name",
        "warning",
        "the name {name!r} {reason}",
        "rename it, so that every system can hold it",
    ),
    Rule(
        "link",
        "error",
        "{path!r} is a link or no regular file",
        "put the file itself there: an archive holds no links",
    ),
    # Organizations
    Rule(
        "no-title",
        "warning",
        "the item {identifier!r} has no title",
        "give it one: it is what people see",
    ),
    Rule(
        "structure",
        "error",
        "a Common Cartridge has the structure 'rooted-hierarchy', not {structure!r}",
        "write structure='rooted-hierarchy'",
    ),
    Rule(
        "one-organization",
        "error",
        "a Common Cartridge has one organization at most, not {number}",
        "put all items into the first",
    ),
    Rule(
        "one-root-item",
        "error",
        "the organization of a Common Cartridge has one item without title and resource that holds all others",
        "put the {number} items here into one",
    ),
    Rule(
        "sub-manifest",
        "error",
        "a Common Cartridge has no manifest within its manifest",
        "put its resources and items into the outer one",
    ),
    Rule(
        "one-file",
        "error",
        "the resource {identifier!r} of the type {type!r} has {number} files, not one",
        "put what it needs beside its file into a resource that it depends on",
    ),
    Rule(
        "launch",
        "error",
        "the item {identifier!r} refers to the resource {target!r}, which has no href to launch",
        "give the resource an href: SCORM launches it",
    ),
    Rule(
        "scorm-type",
        "error",
        "the resource {identifier!r} does not say whether it is a sco or an asset",
        "put in {attribute}='sco' or 'asset'",
    ),
)

RULES: Final = {rule.code: rule for rule in _RULES} | LOM_RULES
"""The rules by code."""
