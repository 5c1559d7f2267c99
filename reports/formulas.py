"""Formulas for a page: MathML of a record, or LaTeX turned into it, of which only known elements are let through.

A record may come from anybody, so that its MathML is parsed as XML and written anew: presentation elements with
harmless attributes and nothing else. A formula with anything more is shown as plain text.
"""

import re
from functools import lru_cache
from html import escape
from itertools import pairwise
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markupsafe import Markup

from reports.phrases import plain
from reports.record import Formula

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
LONGEST = 20_000
"""Characters of a formula that are parsed; a longer one is shown as text."""

DEEPEST = 80

_TOKENS = frozenset(("mi", "mn", "mo", "mtext", "ms"))
_SIGNS = ("-", "−", "+")
_AFTER = (")", "]", "}", "|", "‖", "!")
"""Operators after which such a sign is one between two terms; after another it belongs to the term that follows."""

_TALL = frozenset(("mfrac", "mtable", "mover", "munder", "munderover", "msqrt", "mroot"))
_ELEMENTS = _TOKENS | _TALL | {
    "math", "mrow", "mspace", "mstyle", "mpadded", "mphantom", "merror", "menclose", "msub", "msup", "msubsup",
    "mmultiscripts", "mprescripts", "none", "mtr", "mtd",
}  # fmt: skip
_ATTRIBUTES = frozenset((
    "display", "displaystyle", "mathvariant", "stretchy", "form", "separator", "largeop", "movablelimits", "symmetric",
    "accent", "accentunder", "lspace", "rspace", "minsize", "maxsize", "width", "height", "depth", "voffset",
    "linethickness", "scriptlevel", "columnalign", "rowalign", "columnspacing", "rowspacing", "notation",
))  # fmt: skip
_HARMLESS = re.compile(r"[\w .+-]{1,40}")
_AS_USUAL = {("stretchy", "true"), ("display", "inline")}
_BRACKETS = {"(": "prefix", "[": "prefix", "{": "prefix", ")": "postfix", "]": "postfix", "}": "postfix"}


class _ForeignError(ValueError):
    """A formula that is no plain MathML."""


def shown(formula: Formula, block: bool = False) -> Markup:
    """A formula as MathML where that can be had, and as the text of the record otherwise."""
    made = _clean(str(formula.get("mathml", "")), block)
    if made is None:
        made = _clean(_converted(str(formula["latex"])), block)
    if made is not None:
        return made
    return Markup("<code>{}</code>").format(plain(str(formula["text"])))


@lru_cache(maxsize=4096)
def _converted(latex: str) -> str:
    """LaTeX as MathML; empty where it cannot be converted."""
    if len(latex) > LONGEST // 8:
        return ""
    try:
        return str(convert(latex))
    except Exception:  # the converter raises whatever its parser meets in a formula that somebody wrote
        return ""


@lru_cache(maxsize=4096)
def _clean(source: str, block: bool) -> Markup | None:
    """The same formula written anew, or None where it is not MathML alone."""
    if not source or len(source) > LONGEST or "<!" in source or "<?" in source:
        return None
    try:
        root = ElementTree.fromstring(source)
        if root.tag.removeprefix(f"{{{NAMESPACE}}}") != "math":
            return None
        root.attrib.pop("display", None)
        text = _written(root, 0)
    except (ElementTree.ParseError, _ForeignError, ValueError):
        return None
    return Markup(text.replace("<math", '<math display="block"', 1) if block else text)


def _written(element: ElementTree.Element, level: int) -> str:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}") if isinstance(element.tag, str) else ""
    if name not in _ELEMENTS or level > DEEPEST:
        raise _ForeignError
    attributes = ""
    for key, value in element.attrib.items():
        usual = (key, value) in _AS_USUAL or (key == "form" and _BRACKETS.get(element.text or "") == value)
        if key in _ATTRIBUTES and _HARMLESS.fullmatch(value) and not usual:
            attributes += f' {key}="{value}"'
    if name in _TOKENS:
        if len(element):
            raise _ForeignError
        return f"<{name}{attributes}>{escape(_token(element.text or ''), quote=False)}</{name}>"
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise _ForeignError
    low = name == "mrow" and not any(part.tag.removeprefix(f"{{{NAMESPACE}}}") in _TALL for part in element.iter())
    children = [_unstretched(child) if low else child for child in element]
    for before, child in pairwise(children):
        if before.tag == child.tag and child.text in _SIGNS and before.text not in _AFTER:
            child.set("form", "prefix")
    inside = "".join(_written(child, level + 1) for child in children)
    bare = name == "mrow" and not attributes and len(element) == 1
    return inside if bare else f"<{name}{attributes}>{inside}</{name}>"


def _unstretched(child: ElementTree.Element) -> ElementTree.Element:
    """A bracket beside nothing tall, at its usual size: stretched ones have wide margins in some fonts."""
    if (child.text or "") not in _BRACKETS or len(child):
        return child
    made = ElementTree.Element(child.tag, {**child.attrib, "stretchy": "false"})
    made.text = child.text
    return made


def _token(text: str) -> str:
    """The text of a token, whose spaces are no-break ones: others would be dropped at its ends."""
    return "\N{NO-BREAK SPACE}".join(map(plain, re.split(r"\s+", text)))
