"""Text of a record as LaTeX that shows it and does nothing else.

It is spelled out character by character, so that no character keeps a meaning for TeX; what comes out is ASCII.
"""

import re
import unicodedata

RUN = 24
"""Characters in a row behind which a line may break between any two."""
WORD = 24
"""Characters of a word of text from which on it may break without a hyphen."""
LONGEST = 2_000
"""Characters of one text that are shown."""
BREAK = r"\allowbreak "
"""A place where a line may break, without a sign."""

_SPELLED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{LEFT SINGLE QUOTATION MARK}": "`{}",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'{}",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``{}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "''{}",
    "\N{SECTION SIGN}": r"\S{}",
    "\N{LATIN SMALL LETTER SHARP S}": r"\ss{}",
    "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "ł": r"\l{}", "Ł": r"\L{}",
    "ı": r"\i{}",
}  # fmt: skip
"""What stands for a character of text in every encoding of fonts."""

MATH = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta", "ϱ": "varrho", "ς": "varsigma", "µ": "mu",
    "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "≡": "equiv", "∼": "sim", "≪": "ll", "≫": "gg", "∝": "propto",
    "∞": "infty", "√": "surd", "·": "cdot", "⋅": "cdot", "×": "times", "÷": "div", "±": "pm", "∓": "mp", "∘": "circ",
    "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq", "∪": "cup", "∩": "cap", "∅": "emptyset", "∖": "setminus",
    "∀": "forall", "∃": "exists", "¬": "neg", "∧": "wedge", "∨": "vee", "→": "to", "←": "leftarrow", "↦": "mapsto",
    "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow", "↔": "leftrightarrow", "↓": "downarrow", "↑": "uparrow",
    "∑": "sum", "∏": "prod", "∫": "int", "∂": "partial", "∇": "nabla", "…": "ldots", "⋯": "cdots", "⊤": "top",
    "⊥": "perp", "⊗": "otimes", "⊕": "oplus", "‖": "|", "⟨": "langle", "⟩": "rangle", "⌈": "lceil", "⌉": "rceil",
    "⌊": "lfloor", "⌋": "rfloor", "−": "-", "′": "prime", "ℓ": "ell",
}  # fmt: skip
"""Characters that are written in math."""

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+-nT", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": r"\`",
    "\N{COMBINING ACUTE ACCENT}": r"\'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\^",
    "\N{COMBINING TILDE}": r"\~",
    "\N{COMBINING DIAERESIS}": r"\"",
    "\N{COMBINING RING ABOVE}": r"\r",
    "\N{COMBINING CEDILLA}": r"\c",
    "\N{COMBINING CARON}": r"\v",
    "\N{COMBINING BREVE}": r"\u",
    "\N{COMBINING MACRON}": r"\=",
    "\N{COMBINING DOT ABOVE}": r"\.",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": r"\H",
}


def _character(c: str, after: str, before: str) -> str:
    """One character, between `before` and `after`, which matter for ligatures only."""
    if c == "'" and before.isalpha() and after.isalpha():
        return "'"  # an apostrophe, not a prime
    if c in _SPELLED:
        return _SPELLED[c]
    if c in "-,?!" and c.isascii():
        return f"{c}{{}}" if after in (c, "`") else c
    if " " <= c <= "~":
        return c
    if c in MATH:
        name = MATH[c]
        return rf"\ensuremath{{{name if name == '-' else chr(92) + name}}}"
    if c in _RAISED or c in _LOWERED:
        return rf"\ensuremath{{^{_RAISED[c]}}}" if c in _RAISED else rf"\ensuremath{{_{_LOWERED[c]}}}"
    base, *marks = list(unicodedata.normalize("NFD", c))
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii() and base.isalpha():
        return f"{_ACCENTS[marks[0]]}{{{chr(92) + base if base in 'ij' else base}}}"
    return f"[U+{ord(c):04X}]"


def text(words: str) -> str:
    """Text on one line, as it stands; what no font of TeX has is told by its code point, "[U+4E2D]"."""
    line = _line(words)
    around, out, at = f" {line} ", [], 0
    for word in line.split(" "):
        run = 0
        for k, c in enumerate(word, at):
            parted = _parted(around[k : k + 3], run := run + 1) and len(word) > WORD
            run = 0 if parted else run
            out += [_character(c, around[k + 2], around[k]), BREAK if parted else ""]
        out.append(" ")
        at += len(word) + 1
    return "".join(out[:-1])


def code(words: str) -> str:
    """Text in typewriter, on one line that may break behind punctuation and within long words."""
    line = _line(words)
    around, out, run = f" {line} ", [], 0
    for k, c in enumerate(line):
        parted = _parted(around[k : k + 3], run := run + 1)
        run = 0 if parted or c == " " else run
        # Behind punctuation TeX takes a wider space, which in code would look like two.
        spaced = {"'": _SPELLED["'"], " ": r"\ " if around[k] in ".,:;?!" else " "}.get(c)
        out += [spaced or _character(c, around[k + 2], around[k]), BREAK if parted else ""]
    return rf"\texttt{{{''.join(out)}}}"


def _line(words: str) -> str:
    """Text without breaks of lines; of an endless one, as much as somebody may want to read."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} [and {len(line) - LONGEST:,} more characters]"


def _parted(around: str, run: int) -> bool:
    """Whether a line may break behind the second of three characters: a sign, or the last of a long run."""
    before, c, after = list(around)
    if " " in (c, after):
        return False
    exponent = c in "+-" and before in "eE"
    return run >= RUN or (not c.isalnum() and before != " " and (after.isalnum() or after in "([{") and not exponent)


def link(address: str, shown: str) -> str:
    r"""An address of the web as \href, around LaTeX that shows it; any other address is left out."""
    if re.fullmatch(r"https?://[^\s/]+(/\S*)?", address) is None or len(address) > 1000:
        return shown
    kept = re.compile(r"[A-Za-z0-9./:=+,;@()-]")
    spelled = {"%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "?": "?"}
    safe = (c if kept.match(c) else spelled.get(c) or "".join(rf"\%{b:02X}" for b in c.encode()) for c in address)
    return rf"\href{{{''.join(safe)}}}{{{shown}}}"
