"""The functions that a standalone script may need, as its readers see them.

``{kink}``, ``{tiny}`` and ``{shown}`` are filled in: the derivative of relu at 0, what counts as equal relative to the
size of both sides, and how an entry is printed.
"""

from __future__ import annotations

SNIPPETS = {
    "exact": """def exact(values, denominator=1):  # an array of fractions
    return np.frompyfunc(lambda value: F(value) / denominator, 1, 1)(np.array(values, dtype=object))""",
    "step": """def step(z):  # the derivative of relu; at 0 it is a convention
    return np.frompyfunc(lambda t: F(t > 0) if t != 0 else {kink}, 1, 1)(z)""",
    "mean": """def mean(values):
    values = list(values)
    return sum(values) / F(len(values))""",
    "root": """def root(square):  # exact where it is rational, else to 30 digits
    square = F(square)
    number = square.numerator * square.denominator * 10**60
    guess = 1 << (number.bit_length() + 1) // 2
    while guess and (better := (guess + number // guess) // 2) < guess:
        guess = better
    return F(guess, square.denominator * 10**30)""",
    "log": """def log(x):  # to 50 digits
    x = F(x)
    with localcontext(prec=60):
        return F((Decimal(x.numerator) / Decimal(x.denominator)).ln())""",
    "exp": """def exp(x):  # to 50 digits
    x = F(x)
    with localcontext(prec=60):
        return F((Decimal(x.numerator) / Decimal(x.denominator)).exp())""",
    "power": """def power(base, exponent):  # exact for integer exponents, else to 50 digits
    base, exponent = F(base), F(exponent)
    if exponent.denominator == 1 or base == 0:
        return base ** int(exponent) if base else F(exponent == 0)
    return exp(exponent * log(base))""",
    "rounded": """def rounded(x, up):  # to an integer, up or down
    return F(-(-F(x) // 1) if up else F(x) // 1)""",
    "harmonic": """def harmonic(n):
    return sum((F(1, k) for k in range(1, int(n) + 1)), F(0))""",
    "mean_decay": """def mean_decay(u):  # to 50 digits
    return (1 - exp(-F(u))) / F(u) if u else F(1)""",
    "norm": """def norm(M):
    return root(sum(F(entry) ** 2 for entry in np.ravel(M)))""",
    "singular_values": """def singular_values(M):
    return np.linalg.svd(np.array(M, dtype=float), compute_uv=False)""",
    "rank": """def rank(M):  # by elimination
    rows, found = [list(map(F, row)) for row in M], 0
    for column in range(np.shape(M)[1]):
        pivot = next((k for k in range(found, len(rows)) if rows[k][column] != 0), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for k in range(found + 1, len(rows)):
            factor = rows[k][column] / rows[found][column]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[found])]
        found += 1
    return found""",
    "close": """def close(a, b):  # equal, as far as can be told from rounded roots
    return all(abs(p - q) <= {tiny} * (abs(p) + abs(q)) for p, q in zip(np.ravel(a), np.ravel(b)))""",
    "distance": """def distance(M, keep):  # to the matrices of rank at most keep
    return np.linalg.norm(singular_values(M)[keep:]) if rank(M) > keep else F(0)""",
    "projector": """def projector(w):  # onto the line of a column
    square = sum(F(entry) ** 2 for entry in np.ravel(w))
    return w @ w.T / square if square else w @ w.T""",
    "chosen": """def chosen(size, start=0):  # all sets of so many samples
    return [(s, *more) for s in range(start, N) for more in chosen(size - 1, s + 1)] if size else [()]""",
    "show": """def show(value):
    texts = np.vectorize({shown}, otypes=[object])(value)
    return str(texts.tolist()).replace("'", "")""",
}
