"""Find every text that people read, in templates and in Python, and where it lacks Persian."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import normalize
from jinja2.ext import babel_extract

from .catalogue import messages, singular

ROOMS = (
    "common",
    "people",
    "places",
    "visits",
    "hearings",
    "office",
    "prison",
    "hearings",
    "hq",
    "calls",
    "notices",
    "server",
)
CALLS = {"_", "gettext", "N_", "ngettext", "translate"}
ROOT = "Refusal"


@dataclass(frozen=True, slots=True)
class Text:
    """A text people read: its key, its plural if it has one, and the file it stands in."""

    message: str
    plural: str | None
    file: str


def untranslated(web: Path, package: Path) -> list[Text]:
    """The texts that have no Persian yet, each once."""
    known = {singular(message) for message in messages(web, "fa") if message.string}
    missing = {text.message: text for text in texts(web, package) if text.message not in known}
    return list(missing.values())


def unused(web: Path, package: Path) -> list[str]:
    """The entries whose text nobody says any more."""
    said = {text.message for text in texts(web, package)}
    return [singular(message) for message in messages(web, "fa") if singular(message) not in said]


def append(web: Path, room: str, lacking: Iterable[Text]) -> None:
    """Append entries to fill in; the rest of the file stays as its authors left it."""
    entered = {singular(message) for message in messages(web, "fa")}
    fresh = [entry(text) for text in lacking if text.message not in entered]
    with (web / "locales" / "fa" / f"{room}.po").open("a", encoding="utf-8") as po:
        po.write("".join(fresh))


def entry(text: Text) -> str:
    """An entry of a catalogue, without its translation."""
    lines = ["", f"#: {text.file}", f"msgid {normalize(text.message)}"]
    if text.plural:
        lines += [f"msgid_plural {normalize(text.plural)}", 'msgstr[0] ""']
    else:
        lines += ['msgstr ""']
    return "\n".join(lines) + "\n"


def room_of(file: str) -> str:
    """The room a file's texts belong to: the first part of its path that names one."""
    stems = [Path(part).stem for part in Path(file).parts]
    named = [stem for stem in stems if stem in ROOMS and stem != "server"]
    return named[0] if named else ("server" if "server" in stems else "common")


def texts(web: Path, package: Path) -> Iterator[Text]:
    """Every text of the templates and of the package."""
    yield from of_templates(web)
    modules = {
        file.relative_to(package.parent).as_posix(): ast.parse(file.read_bytes())
        for file in sorted(package.rglob("*.py"))
    }
    errors = descendants(modules.values())
    for name, module in modules.items():
        for node in ast.walk(module):
            yield from (Text(*found, file=name) for found in of_node(node, errors))


def of_templates(web: Path) -> Iterator[Text]:
    """The texts of Jinja templates."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    options["extensions"] = "jinja2.ext.do"
    for file in sorted((web / "templates").rglob("*.*")):
        if file.suffix not in {".html", ".txt", ".typ", ".svg"}:
            continue
        name = file.relative_to(web.parent).as_posix()
        with file.open("rb") as source:
            for _line, _function, found, _notes in babel_extract(
                source, ("_", "gettext", "ngettext"), (), options
            ):
                both = found if isinstance(found, tuple) else (found, None)
                if both[0]:
                    yield Text(both[0], both[1] if len(both) > 1 else None, name)


def of_node(node: ast.AST, errors: frozenset[str]) -> Iterator[tuple[str, str | None]]:
    """The texts of one node: a marked call, a reason's message, an error's first line."""
    if isinstance(node, ast.ClassDef) and node.name in errors:
        said = ast.get_docstring(node)
        if said:
            yield said.splitlines()[0], None
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    literal = list(map(constant, node.args))
    if name == "Reason":
        by_name = [constant(k.value) for k in node.keywords if k.arg == "message"]
        message = (literal[1:2] + by_name)[:1]
        yield from ((text, None) for text in message if text)
    elif name in CALLS:
        first = [text for text in literal if text is not None]
        if first:
            yield first[0], first[1] if name == "ngettext" and len(first) > 1 else None


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    target = node.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def constant(node: ast.expr) -> str | None:
    """The text of a literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def descendants(modules: Iterable[ast.Module]) -> frozenset[str]:
    """The names of all classes that are, by name, refusals."""
    bases = {
        node.name: {
            base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
            for base in node.bases
        }
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }
    found = {ROOT}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return frozenset(found)
