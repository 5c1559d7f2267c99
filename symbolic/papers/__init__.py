"""The literature: words and formulas, one module a paper."""
