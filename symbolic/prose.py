"""Sentences for readers: text, LaTeX, MathML."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

import sympy as sp


@lru_cache(maxsize=16384)
def text(node: Any) -> str:
    """A sentence in one line of ASCII."""
    return str(node)


@lru_cache(maxsize=1024)
def latex(node: Any) -> str:
    """A sentence in LaTeX, without delimiters."""
    return str(sp.latex(node))


def mathml(node: Any) -> str:
    """A sentence as one MathML element; plain text inside it where no converter is installed."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>{escape(text(node))}</mtext></math>'
    return str(convert(latex(node)))
