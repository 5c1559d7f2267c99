"""Every change to a trace that makes it say something else, or rest on something false, is caught; so is hostile JSON.

A widened interval of which the rest of the trace has enough is sound: such changes are found by the rule itself, which
gives an interval that the changed one contains, counted, and skipped.
"""

import copy
import json
from dataclasses import replace
from functools import cache

import pytest
from sympy import E, Max, Min, Rational, S, atan, ceiling, exp, log, oo, sqrt

from symbolic import ends
from symbolic.behaviour import convex, crossover, decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.calculus import derive
from symbolic.calculus_check import RejectedTrace, check
from symbolic.calculus_rules import RANGE
from symbolic.codec import CodecError
from symbolic.elasticities import RULES
from symbolic.intervals import EVERYTHING, Interval, UndefinedError, point
from symbolic.traces import Trace
from symbolic.words import word

N, D = (word(f"traces:{letter}", "a count", integer=True) for letter in "ND")
G, r, w, W = (word(f"traces:{letter}", "a norm") for letter in ("G", "r", "w", "W"))
p, delta, other = (word(f"traces:{letter}", "a number") for letter in ("p", "delta", "other"))


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


POS, FROM1, HALF = I(0, oo, True), I(1, oo), Rational(1, 2)
transfer = G ** (2 * p / (p + 2)) * r ** (2 / (p + 2)) * w ** (2 / (p + 2)) * W ** (p / (p + 2))
T = {G: POS, r: POS, w: POS, W: FROM1, p: I(0, 2)}
vapnik = sqrt(8 * (D * log(2 * E * N / D) + log(4 / delta)) / N)
V = {N: FROM1, D: FROM1, delta: I(0, 1, True, True)}
PROVED = {
    "decreasing": (decreasing(vapnik, N), V, (N >= D / 2,)),
    "strictly": (increasing(transfer, r, strictly=True), T, ()),
    "mean": (dominates(transfer, Min(r * w, G**2 * W)), T, ()),
    "special": (reduces_to(transfer, {p: 0}, r * w), T, ()),
    "degree": (homogeneous(transfer, (r, w), 4 / (p + 2)), T, ()),
    "limit": (limit(log(1 + G * N) / N, N, oo, 0), {N: FROM1, G: POS}, ()),
    "crossover": (crossover(r * G**2, r**2 * G, G, r), {r: POS, G: POS}, ()),
    "convex": (convex(G**4 + G, G), {G: I(0, 1)}, ()),
    "faces": (decreasing(log(N) / sqrt(N), N), {N: I(exp(2), 100)}, ()),
    "parts": (dominates(r * log(2 * G + w), r * log(G + 1)), {r: POS, G: POS, w: FROM1}, ()),
    "parts under a hypothesis": (dominates(2 * r * (G + w), 2 * G * w), {r: POS, G: POS, w: POS},
                                 (r * (G + w) >= G * w,)),
    "means": (dominates(4 * r**3 + 4 * G**3, (r + G) ** 3), {r: POS, G: POS}, ()),
    "product": (reduces_to(r * exp(-p * log(G + 1)), {p: 2}, r / (G + 1) ** 2), {r: POS, G: POS, p: I(0, 2)}, ()),
    "exponentials": (convex(log(r**p + G**p), p), {r: POS, G: POS, p: I(0, 2)}, ()),
    "decay": (increasing((2 - 2 * N ** (p / 2 - 1)) / (2 - p), p), {N: FROM1, p: I(0, 2, False, True)}, ()),
    "ratio": (increasing(G * ceiling(r) * atan(1 / ceiling(r)), r), {r: POS, G: POS}, ()),
    "scaled": (decreasing((2 * r / sqrt(w)) ** w, w), {r: POS, w: FROM1}, (4 * r**2 * exp(-1) <= w,)),
    "quotient": (decreasing(sqrt((r * log(w) + log(1 / delta)) / w), w), {r: POS, w: FROM1, delta: I(0, 1, True, True)},
                 (r <= log(1 / delta),)),
    "beside a number": (decreasing((w - 1) / w ** Rational(7, 6), w), {w: I(7, oo)}, ()),
    "real power": (dominates(S.One, (r / G) ** p), {r: POS, G: POS, p: I(0, 1)}, (r <= G,)),
}  # fmt: skip


@cache
def proved(name):
    trace = derive(*PROVED[name])
    assert isinstance(trace, Trace), trace
    check(trace)
    return trace


def rejected(trace):
    try:
        check(trace)
    except RejectedTrace as error:
        return sentence(error)
    return False


def sentence(error):
    assert "\n" not in str(error)
    assert "Traceback" not in str(error)
    return True


def with_fact(trace, number, **changes):
    facts = list(trace.facts)
    facts[number] = replace(facts[number], **changes)
    return replace(trace, facts=tuple(facts))


def narrower(interval):
    """Intervals that lack something that this one has."""
    low, high = interval.low, interval.high
    if not interval.open_low and not low.infinite:
        yield Interval(low, high, True, interval.open_high)
    if not interval.open_high and not high.infinite:
        yield Interval(low, high, interval.open_low, True)
    inside = ends.exact(1) if low.infinite and high.infinite else None
    if inside is None and low.infinite:
        inside = ends.add(high, ends.exact(-1), ends.DOWN)
    if inside is None and high.infinite:
        inside = ends.add(low, ends.exact(1), ends.UP)
    if inside is None:
        total = ends.add(low, high, ends.DOWN)
        inside = ends.multiply(total, ends.exact(ends.fmpq(1, 2)), ends.DOWN)
    yield Interval(inside, high, False, interval.open_high)
    yield Interval(low, inside, interval.open_low, False)
    yield Interval(ends.exact(7777), ends.exact(7778))


@pytest.mark.parametrize("name", PROVED)
def test_no_fact_says_more_than_its_rule_gives(name):
    trace = proved(name)
    for number, fact in enumerate(trace.facts):
        for interval in narrower(fact.interval):
            if not interval.contains(fact.interval):
                assert rejected(with_fact(trace, number, interval=interval)), (fact, str(interval))


@pytest.mark.parametrize("name", PROVED)
def test_a_wider_interval_is_accepted_only_where_the_rest_has_enough(name):
    trace = proved(name)
    accepted = 0
    for number in range(len(trace.facts)):
        changed = with_fact(trace, number, interval=EVERYTHING)
        if rejected(changed):
            continue
        accepted += 1
        # Every fact of the changed trace is still what its rule gives: it claims no more than was proved.
        assert all(was.interval == now.interval or now.interval is EVERYTHING
                   for was, now in zip(trace.facts, changed.facts, strict=True))  # fmt: skip
        assert changed.statement == trace.statement
    assert accepted < len(trace.facts)


@pytest.mark.parametrize("name", PROVED)
def test_another_rule_premise_node_or_symbol_is_no_proof(name):
    trace = proved(name)
    symbols = [*trace.domain, other, None]
    nodes = list(dict.fromkeys(f.key[1] for f in trace.facts))
    for number, fact in enumerate(trace.facts):
        quantity, node, symbol = fact.key
        changes = [{"rule": rule} for rule in ("", "meet", "Range", "no slope", "number", "domain", *list(RULES)[::5])]
        changes += [{"premises": fact.premises[1:]}, {"premises": (*fact.premises, 0)}]
        changes += [{"premises": (*fact.premises[:k], (q + 1) % len(trace.facts), *fact.premises[k + 1 :])}
                    for k, q in enumerate(fact.premises)]  # fmt: skip
        changes += [{"premises": fact.premises[::-1]}, {"premises": (number,) * max(1, len(fact.premises))}]
        changes += [{"premises": (10**9,)}, {"symbol": symbols[number % len(symbols)]}]
        changes += [{"key": (quantity, nodes[(number * 7 + k) % len(nodes)], symbol)} for k in (1, 2, 3)]
        changes += [{"key": (q, node, s)} for q in (RANGE, "slope", "step", "elasticity", "") for s in symbols[:3]]
        for change in changes:
            changed = with_fact(trace, number, **change)
            if changed.facts[number] == fact or rejected(changed):
                continue
            # It is a fact by another rule, or of another node, on which nothing false was put.
            assert holds_by_its_rule(changed, number), (fact, change)
            assert changed.statement == trace.statement


def holds_by_its_rule(trace, number):
    from symbolic.calculus_rules import ground

    fact, over = trace.facts[number], ground(trace.domain, trace.hypotheses)
    premises = [trace.facts[k] for k in fact.premises]
    if fact.rule == "meet":
        return len(premises) == 2 and {q.key for q in premises} == {fact.key}
    needs = RULES[fact.rule].needs(fact.key[1], fact.symbol, over)
    computed = RULES[fact.rule].value(fact.key[1], fact.symbol, tuple(q.interval for q in premises), over)
    return tuple(q.key for q in premises) == needs and fact.interval.contains(computed)


WIDER = {
    "decreasing": [{N: POS}, {D: I(0, oo)}, {delta: I(0, 4, True)}, {delta: I(0, 5, True)}, {N: I(-1, oo)},
                   {D: I(-1, 2)}],
    "strictly": [{r: I(0, oo)}, {G: I(0, oo)}, {p: I(-2, 2)}, {W: I(-1, oo)}, {w: I(0, oo)}],
    "mean": [{p: I(-3, 2)}, {p: I(0, 2 + Rational(1, 10**9))}, {r: I(0, oo)}, {G: I(-1, oo)}],
    "limit": [{N: I(0, oo)}, {N: I(1, 10)}, {G: I(-1, oo)}],
    "crossover": [{r: I(0, oo)}, {G: I(0, oo)}, {G: I(5, oo)}, {r: I(-1, oo)}],
    "convex": [{G: I(-1, 1)}],
    "parts": [{r: I(-1, oo)}, {w: I(1 - Rational(1, 10**6), oo)}, {G: I(-1, oo)}],
    "parts under a hypothesis": [{r: I(-1, oo)}],
    "means": [{r: I(-2, 2), G: I(-2, 2)}],
    "exponentials": [{r: I(0, oo)}, {G: I(-1, oo)}],
    "decay": [{N: I(0, oo)}, {p: I(0, 2)}, {p: I(0, 3)}],
    "ratio": [{G: I(-1, oo)}, {r: I(-1, oo)}],
    "scaled": [{r: I(0, oo)}, {w: I(0, oo)}],
    "quotient": [{delta: I(0, 2, True)}, {w: I(HALF, oo)}, {r: I(-1, oo)}],
    "beside a number": [{w: I(7 - Rational(1, 10**6), oo)}, {w: FROM1}],
    "real power": [{p: I(-1, 1)}, {r: I(0, oo)}, {G: I(-1, oo)}],
    "faces": [{N: I(7, 100)}, {N: I(0, 100)}, {N: I(exp(2) * Rational(999999, 1000000), 100)}],
}  # fmt: skip


@pytest.mark.parametrize("name", WIDER)
def test_a_domain_on_which_it_was_not_proved_is_refused(name):
    trace = proved(name)
    accepted = []
    for change in WIDER[name]:
        if not rejected(replace(trace, domain={**trace.domain, **change})):
            accepted.append(change)
    assert accepted in ([], [{delta: I(0, 4, True)}]), accepted
    for symbol in trace.domain:
        if symbol in trace.statement.free_symbols and name not in ("special", "degree"):
            assert rejected(replace(trace, domain={s: i for s, i in trace.domain.items() if s != symbol}))


@pytest.mark.parametrize("name", PROVED)
def test_another_statement_or_other_conclusions_are_refused(name):
    trace = proved(name)
    (conclusion,) = trace.conclusions
    lies = [
        increasing(vapnik, N), decreasing(vapnik, D), increasing(vapnik, N, strictly=True), decreasing(vapnik**2, N),
        decreasing(transfer, r, strictly=True), increasing(transfer, p), dominates(Min(r * w, G**2 * W), transfer),
        dominates(transfer, Max(r * w, G**2 * W)), reduces_to(transfer, {p: 1}, r * w), increasing(other, other),
        homogeneous(transfer, (r, w), 2), limit(log(1 + G * N) / N, N, oo, oo), limit(vapnik, other, oo, 0),
        crossover(r**2 * G, r * G**2, G, r), convex(-(G**4), G), increasing(log(N) / sqrt(N), N), S.true,
    ]  # fmt: skip
    for lie in lies:
        if lie == trace.statement:
            continue
        said = replace(conclusion, goal=lie)
        assert rejected(replace(trace, statement=lie))
        assert rejected(replace(trace, statement=lie, conclusions=(said,))), lie
        assert rejected(replace(trace, conclusions=(said,)))
    for conclusions in (
        (), (conclusion, conclusion), (replace(conclusion, way="monotone "),), (replace(conclusion, way=""),),
        (replace(conclusion, premises=conclusion.premises[1:]),), (replace(conclusion, premises=()),),
        (replace(conclusion, premises=(*conclusion.premises, 0)),), (replace(conclusion, premises=(10**9,)),),
        (replace(conclusion, premises=conclusion.premises[::-1] if len(conclusion.premises) > 1 else (9999,)),),
    ):  # fmt: skip
        assert rejected(replace(trace, conclusions=conclusions)), conclusions
    for number in range(len(trace.facts)):
        facts = (*trace.facts[:number], *trace.facts[number + 1 :])
        assert rejected(replace(trace, facts=facts)), trace.facts[number]


def test_hypotheses_that_a_trace_rests_on_cannot_be_left_out_or_weakened():
    trace = proved("decreasing")
    for hypotheses in ((), (N >= D / 3,), (N <= D / 2,), (D >= N / 2,), (N + D >= 1,), (other <= N,)):
        assert rejected(replace(trace, hypotheses=hypotheses)), hypotheses
    assert not rejected(replace(trace, hypotheses=(N >= D,))), "a stronger hypothesis is enough"
    assert not rejected(replace(trace, hypotheses=(N >= D / 2, D <= 7)))
    assert rejected(replace(trace, hypotheses=(N >= D / 2, N < 1))), "and leaves nothing here"


def test_a_hypothesis_that_an_order_rests_on_cannot_be_left_out_or_weakened():
    trace = proved("parts under a hypothesis")
    near = Rational(10**6 - 1, 10**6)
    for hypotheses in ((), (r * (G + w) >= near * G * w,), (r * (G + w) <= G * w,), (r * G >= G * w - 1,)):
        assert rejected(replace(trace, hypotheses=hypotheses)), hypotheses
    for name, weaker in (
        ("quotient", r * near <= log(1 / delta)),
        ("scaled", 4 * near * r**2 * exp(-1) <= w),
        ("real power", r * near <= G),
    ):
        assert rejected(replace(proved(name), hypotheses=(weaker,))), weaker


def test_facts_at_an_end_that_cannot_be_written_out_are_refused_soon():
    trace = proved("faces")
    far = ends.read("1*2^" + "9" * 12)
    assert rejected(replace(trace, domain={N: Interval(ends.of(exp(2)), far)}))


# -- files ------------------------------------------------------------------------------------------------------------


def stored(name):
    return json.loads(json.dumps(proved(name).to_json()))


def signed(file):
    """The file with the digest that its header has, so that the checker alone can notice."""
    from symbolic.codec import digest

    file["digest"] = digest({key: file[key] for key in ("statement", "domain", "hypotheses")})
    return file


def refused(file):
    try:
        check(Trace.from_json(file))
    except (CodecError, RejectedTrace) as error:
        return sentence(error)
    return False


@pytest.mark.parametrize("name", PROVED)
def test_a_changed_header_does_not_match_its_digest(name):
    file = stored(name)
    for key, value in (("statement", ["constant", "true"]), ("hypotheses", [["constant", "false"]]), ("domain", [])):
        with pytest.raises(CodecError):
            Trace.from_json({**file, key: value})
        assert refused(signed({**copy.deepcopy(file), key: value}))


def leaves(tree, path=()):
    if isinstance(tree, (dict, list)):
        for key, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(part, (*path, key))
    else:
        yield path


def changed(file, path, value):
    made = copy.deepcopy(file)
    inside = made
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return made


@pytest.mark.parametrize("name", ["decreasing", "mean", "faces", "limit"])
def test_every_leaf_of_a_file_matters_or_says_nothing(name):
    """Numbers, names, flags, premises: what is accepted when changed claims the same and rests on facts that hold."""
    file = stored(name)
    said = [path for path in leaves(file) if path[0] != "words"]
    for number, path in enumerate(said[:: max(1, len(said) // 60)]):
        value = file
        for key in path:
            value = value[key]
        new = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else "1" + value
        made = changed(file, path, new if number % 2 == 0 or isinstance(value, bool) else None)
        if path[0] in ("statement", "domain", "hypotheses"):
            signed(made)
        if not refused(made):
            trace = Trace.from_json(made)
            if trace.statement == proved(name).statement and trace.hypotheses == proved(name).hypotheses:
                assert path[0] in ("facts", "nodes", "domain"), path
                assert all(holds_by_its_rule(trace, k) for k in range(len(trace.facts)))
            else:
                pytest.fail(f"{path} says something else")


def deep(levels):
    tree = ["word", "traces:N"]
    for _ in range(levels):
        tree = ["exp", tree]
    return tree


HOSTILE = {
    "no object": [], "a number": 7, "nothing": None, "text": "no json", "bytes": b"\xff\xfe", "empty": {},
    "a long text": "[" * 3_000_000, "too long": " " * 5_000_000, "nested text": '{"a":' * 100_000,
    "a huge integer": '{"format": ' + "9" * 100_000 + "}",
}  # fmt: skip
PARTS = {
    "a deep tree": ("nodes", [deep(5_00)]),
    "a number of a million digits": ("nodes", [["number", "9" * 1_000_000]]),
    "an exponent of a billion": ("nodes", [["Pow", ["number", "2"], ["number", "1000000000"]]]),
    "towers": ("nodes", [["Pow", ["number", "9"], ["Pow", ["number", "9"], ["Pow", *[["number", "9"]] * 2]]]]),
    "a huge exponential": ("nodes", [["floor", ["exp", ["number", "1000000000"]]]]),
    "a huge sum": ("nodes", [["harmonic", ["number", "1000000000"]]]),
    "an unknown node": ("nodes", [["__import__", ["word", "os"]]]),
    "nodes that are none": ("nodes", [None]),
    "nodes in an object": ("nodes", {}),
    "a sentence as a node": ("nodes", [["constant", "true"]]),
    "facts that are none": ("facts", [None]),
    "too many facts": ("facts", [{}] * 4001),
    "a fact about a node that is not there": ("facts", [{"of": ["range", 10**6], "rule": "number", "from": [],
                                                         "gives": ["0", "1", False, False]}]),
    "a fact about a node before the first": ("facts", [{"of": ["range", -1], "rule": "number", "from": [],
                                                        "gives": ["0", "1", False, False]}]),
    "a rule that is a list": ("facts", [{"of": ["range", 0], "rule": [], "from": [],
                                         "gives": ["0", "1", False, False]}]),
    "a premise that is a truth": ("facts", [{"of": ["range", 0], "rule": "number", "from": [True],
                                             "gives": ["0", "1", False, False]}]),
    "a negative premise": ("facts", [{"of": ["range", 0], "rule": "number", "from": [-1],
                                      "gives": ["0", "1", False, False]}]),
    "a quantity that is a list": ("facts", [{"of": [[], 0], "rule": "number", "from": [],
                                             "gives": ["0", "1", False, False]}]),
    "an interval upside down": ("facts", [{"of": ["range", 0], "rule": "number", "from": [],
                                           "gives": ["1", "0", False, False]}]),
    "an interval of nothing": ("facts", [{"of": ["range", 0], "rule": "number", "from": [],
                                          "gives": ["0", "0", False, True]}]),
    "an end of ten thousand digits": ("facts", [{"of": ["range", 0], "rule": "number", "from": [],
                                                 "gives": ["9" * 10_000, "oo", False, False]}]),
    "conclusions that are none": ("conclusions", [7]),
    "no conclusions": ("conclusions", []),
    "a domain of numbers": ("domain", [[["number", "1"], ["0", "1", False, False]]]),
    "a domain twice": ("domain", [[["word", "traces:N"], ["1", "oo", False, True]]] * 2),
    "a domain upside down": ("domain", [[["word", "traces:N"], ["2", "1", False, False]]]),
    "a domain of nothing": ("domain", [[["word", "traces:N"], ["1", "1", False, True]]]),
    "a domain that is a word": ("domain", ["N"]),
    "words that are a list": ("words", []),
    "another format": ("format", "lakatos/derivation"),
    "another version": ("version", 2),
    "a version that is a truth": ("version", True),
    "a digest that is a number": ("digest", 7),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_trace_is_refused_in_a_sentence(kind):
    with pytest.raises(CodecError) as error:
        Trace.from_json(HOSTILE[kind])
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize("kind", PARTS)
def test_a_hostile_part_is_refused_in_a_sentence(kind):
    key, value = PARTS[kind]
    file = {**stored("decreasing"), key: value}
    if key in ("statement", "domain", "hypotheses"):
        signed(file)
    with pytest.raises((CodecError, RejectedTrace)) as error:
        check(Trace.from_json(file))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_a_meet_of_what_has_nothing_in_common_is_refused():
    trace = proved("faces")
    with pytest.raises(UndefinedError):
        point(1).meet(point(2))
    number = len(trace.facts) - 1
    assert rejected(with_fact(trace, number, rule="meet", premises=(0, 1)))
