"""What is supposed ends with its supposition: hand-made derivations that forget it are rejected, for its reason."""

import pytest
from sympy import Abs, And, Eq, Implies, Integer, Ne, Or, S, sqrt

from symbolic import exists, greatest, index, mean, norm, rank
from symbolic.grammar import RuleError, canonical, denominators, supposed, witness_of
from symbolic.papers import weight_decay as w
from symbolic.papers.weight_decay import A, B, N, V, c, g, h, i, j, mu, r, x
from symbolic.proofs import Derivation, Step
from symbolic.prover import NotProved, prove
from symbolic.rules import apply
from symbolic.sentences import least
from verify.recheck import Rejected, replay

APART = Ne(g[i], 0)
(MEMBER,) = supposed(APART).values()
OTHER = index("!other", over="samples")
SHADOW = index("_1", over="samples")
ONE = Integer(1)


class Hand:
    """Steps made one by one; each conclusion is what the rule gives, unless another is put in its place."""

    def __init__(self, *hypotheses, lemmas=None):
        self.hypotheses, self.lemmas, self.steps = hypotheses, lemmas or {}, []
        self.taken = [self.add("hypothesis", (), sentence) for sentence in hypotheses]
        self.taken += [self.add("lemma", (), sentence) for sentence in self.lemmas.values()]

    def add(self, rule, premises, *parameters, gives=None):
        """The number of a new step."""
        conclusion = apply(rule, tuple(self.steps[p].conclusion for p in premises), parameters)
        self.steps.append(Step(rule, tuple(premises), parameters, conclusion if gives is None else gives))
        return len(self.steps) - 1

    def derivation(self):
        """A derivation of the last conclusion."""
        return Derivation(self.steps[-1].conclusion, self.hypotheses, {}, self.lemmas, tuple(self.steps))


def rejected(hand, match):
    """Rejected in memory, and from its file."""
    derivation = hand.derivation()
    with pytest.raises(Rejected, match=match):
        replay(derivation)
    with pytest.raises(Rejected, match=match):
        replay(derivation.to_json())


def test_a_discharged_supposition_is_accepted():
    hand = Hand()
    supposition = hand.add("suppose", (), APART)
    square = hand.add("square_positive", (supposition,), g[MEMBER])
    hand.add("discharge", (supposition, square), APART)
    accepted = replay(hand.derivation().to_json())
    assert accepted.statement == Implies(APART, S.Zero < g[i] ** 2)
    assert accepted.rests_on == ()


def test_an_open_supposition_is_rejected():
    hand = Hand()
    supposition = hand.add("suppose", (), c > mu)
    hand.add("order", (supposition,), mu <= c, ONE)
    rejected(hand, "still supposes")


def test_a_supposition_is_no_conclusion():
    hand = Hand()
    hand.add("suppose", (), c > mu)
    rejected(hand, "still supposes")


def test_a_conclusion_about_the_fixed_member_is_rejected():
    hand = Hand()
    supposition = hand.add("suppose", (), APART)
    hand.add("square_positive", (supposition,), g[MEMBER])
    rejected(hand, "mentions a member")


def test_a_fixed_member_is_not_instantiated():
    hand = Hand()
    supposition = hand.add("suppose", (), APART)
    with pytest.raises(RuleError, match="does not read 'for every'"):
        hand.add("instantiate", (supposition,), MEMBER, i)
    hand.steps.append(Step("instantiate", (supposition,), (MEMBER, i), APART))
    rejected(hand, "does not read 'for every'")


def test_nothing_is_averaged_over_a_fixed_member():
    hand = Hand()
    supposition = hand.add("suppose", (), g[i] > 0)
    (member,) = supposed(g[i] > 0).values()
    hand.steps.append(Step("mean_order", (supposition,), (member,), mean(g[i], i) > 0))
    rejected(hand, "for every")


def test_a_hypothesis_is_not_discharged():
    fixed = c > mu
    hand = Hand(fixed)
    weaker = hand.add("order", (0,), mu <= c, ONE)
    hand.add("discharge", (0, weaker), fixed)
    rejected(hand, "discharges what is not a supposition")


def test_one_of_two_suppositions_stays():
    hand = Hand()
    first, second = hand.add("suppose", (), c > mu), hand.add("suppose", (), c > 1)
    both = hand.add("order", (first, second), 1 + mu < 2 * c, ONE, ONE)
    hand.add("discharge", (first, both), c > mu)
    rejected(hand, "still supposes")
    hand.add("discharge", (second, 3), c > 1)
    assert replay(hand.derivation()).statement == Implies(c > 1, Implies(c > mu, 1 + mu < 2 * c))


def test_the_same_condition_supposed_twice_is_discharged_twice():
    hand = Hand()
    first, second = hand.add("suppose", (), c > mu), hand.add("suppose", (), c > mu)
    weaker = hand.add("order", (first,), mu <= c, ONE)
    hand.add("discharge", (second, weaker), c > mu)
    rejected(hand, "still supposes")


def test_a_discharge_of_another_condition_is_rejected():
    hand = Hand()
    supposition = hand.add("suppose", (), c > mu)
    weaker = hand.add("order", (supposition,), mu <= c, ONE)
    hand.steps.append(Step("discharge", (supposition, weaker), (c > 0,), Implies(c > 0, mu <= c)))
    rejected(hand, "was not supposed")


def test_a_conclusion_about_another_member_is_refused():
    hand = Hand(APART)
    supposition = hand.add("suppose", (), APART)
    other = hand.add("instantiate", (0,), i, OTHER)
    with pytest.raises(RuleError, match="another member"):
        hand.add("discharge", (supposition, other), APART)
    hand.steps.append(Step("discharge", (supposition, other), (APART,), Implies(APART, Ne(g[OTHER], 0))))
    rejected(hand, "mentions a member")
    hand.steps[-1] = Step("discharge", (supposition, other), (APART,), Implies(APART, Ne(g[j], 0)))
    rejected(hand, "another member")


def test_the_member_of_one_supposition_is_not_that_of_another():
    hand = Hand()
    first, second = hand.add("suppose", (), APART), hand.add("suppose", (), g[i] > 0)
    assert hand.steps[first].conclusion.free_symbols != hand.steps[second].conclusion.free_symbols
    square = hand.add("square_positive", (first,), g[MEMBER])
    hand.steps.append(Step("discharge", (second, square), (g[i] > 0,), Implies(g[i] > 0, S.Zero < g[i] ** 2)))
    rejected(hand, "another member")


def test_what_a_supposed_existence_promises_stays_inside():
    condition = And(exists(j, Ne(g[j], 0)), c > 0)
    hand = Hand()
    supposition = hand.add("suppose", (), condition)
    existence = next(a for a in condition.args if isinstance(a, exists))
    part = hand.add("conjunct", (supposition,), existence)
    promised = hand.add("witness", (part,))
    square = hand.add("square_positive", (promised,), g[witness_of(existence)])
    with pytest.raises(RuleError, match="another member"):
        hand.add("discharge", (supposition, square), condition)
    hand.add("norm_square", (), V)
    rejected(hand, "serves nothing")
    hand.steps[-1] = Step("discharge", (supposition, square), (condition,), Implies(condition, g[j] ** 2 > 0))
    rejected(hand, "another member")


def test_a_member_of_no_supposition_is_not_generalised():
    hand = Hand(exists(j, Ne(g[j], 0)))
    promised = hand.add("witness", (0,))
    supposition = hand.add("suppose", (), c > 0)
    with pytest.raises(RuleError, match="another member"):
        hand.add("discharge", (supposition, promised), c > 0)
    hand.steps.append(Step("discharge", (supposition, promised), (c > 0,), Implies(c > 0, APART)))
    rejected(hand, "another member")


def test_a_division_allowed_by_a_supposition_rests_on_it():
    hand = Hand()
    hand.add("suppose", (), Ne(mu, 0))
    hand.add("order", (), S.Zero <= 1 / mu**2)
    rejected(hand, "still supposes")


def test_a_division_allowed_by_a_supposition_stays_in_the_implication():
    hand = Hand()
    supposition = hand.add("suppose", (), Ne(mu, 0))
    positive = hand.add("order", (), S.Zero <= 1 / mu**2)
    hand.add("discharge", (supposition, positive), Ne(mu, 0))
    assert replay(hand.derivation()).statement == Implies(Ne(mu, 0), S.Zero <= 1 / mu**2)
    hand.add("suppose", (), c > 0)
    hand.add("discharge", (3, 1), c > 0)
    rejected(hand, "still supposes|serves nothing")


def test_a_division_before_the_supposition_is_rejected():
    hand = Hand()
    positive = hand.add("order", (), S.Zero <= 1 / mu**2)
    supposition = hand.add("suppose", (), Ne(mu, 0))
    hand.add("discharge", (supposition, positive), Ne(mu, 0))
    rejected(hand, "divides by")


def test_a_division_does_not_escape_through_a_later_step():
    """The quotient is gone from the conclusion, and what kept it from being undefined is not."""
    hand = Hand()
    hand.add("suppose", (), Ne(mu, 0))
    quotient = hand.add("identity", (0,), c * (mu + mu**2) / mu, c * (1 + mu))
    hand.add("order", (quotient,), c * (1 + mu) <= c * (mu + mu**2) / mu, ONE)
    hand.add("norm_square", (), V)
    rejected(hand, "serves nothing")
    hand.steps.pop()
    rejected(hand, "still supposes")


def test_a_root_allowed_by_a_supposition_rests_on_it():
    hand = Hand()
    hand.add("suppose", (), mu >= 0)
    hand.add("order", (), S.Zero <= sqrt(mu))
    rejected(hand, "still supposes")


def test_a_root_allowed_by_nothing_is_rejected():
    hand = Hand()
    hand.add("order", (), S.Zero <= sqrt(mu))
    rejected(hand, "takes the root of")
    other = Hand(g[j] >= 0)
    other.add("order", (), S.Zero <= sqrt(r[i]))
    rejected(other, "takes the root of")


def test_a_root_is_not_allowed_by_what_is_at_most_zero():
    for wrong in (mu <= 0, mu >= -1, mu**2 > 0):
        hand = Hand(wrong)
        hand.add("order", (), S.Zero <= sqrt(mu))
        rejected(hand, "takes the root of")


def test_a_sign_from_a_supposition_rests_on_it():
    hand = Hand(g[i] <= c)
    supposition = hand.add("suppose", (), g[i] >= 0)
    (member,) = supposed(g[i] >= 0).values()
    instance = hand.add("instantiate", (0,), i, member)
    squared = hand.add("squared", (instance, supposition))
    hand.add("discharge", (supposition, squared), g[i] >= 0)
    assert replay(hand.derivation()).statement == Implies(g[i] >= 0, g[i] ** 2 <= c**2)
    hand.steps.pop()
    hand.add("mean_square", (), mean(g[j], j))
    rejected(hand, "serves nothing")


def test_an_implication_is_not_taken_apart_without_its_condition():
    hand = Hand(Implies(APART, rank(V) <= 1), Ne(r[i], 0))
    hand.steps.append(Step("detach", (0, 1), (), rank(V) <= 1))
    rejected(hand, "does not follow")


QUOTIENT = 1 / g[i]
SAFE = {
    "in the conclusion": Implies(APART, c >= QUOTIENT),
    "of a difference": Implies(g[i] < g[j], 1 / (g[i] - g[j]) <= c),
    "of a difference turned around": Implies(Ne(g[j], g[i]), 1 / Abs(g[i] - g[j]) <= c),
    "of one of several conditions": Implies(And(APART, c > 0), c >= QUOTIENT),
    "of a mean over another index": Implies(APART, mean(r[j] / g[i], j) <= c),
    "of a mean": Implies(mean(g[j], j) > 0, r[i] / mean(g[j], j) <= c),
}
UNSAFE = {
    "bound anew in a least value": Implies(APART, least(QUOTIENT, i) <= c),
    "bound anew in a mean": Implies(APART, mean(r[i] / g[i], i) <= c),
    "bound anew in a mean of matrices": Implies(APART, norm(mean(h[i] / g[i], i)) <= c),
    "bound anew in an existence": Implies(APART, exists(i, c >= QUOTIENT)),
    "bound anew under another binder": Implies(APART, greatest(mean(QUOTIENT, i), w.S) <= c),
    "in the condition": Implies(c >= QUOTIENT, APART),
    "in one of several conditions": Implies(And(APART, c >= QUOTIENT), c > 0),
    "of another member": Implies(Ne(g[j], 0), c >= QUOTIENT),
    "of one of two cases": Implies(Or(APART, c > 0), c >= QUOTIENT),
    "of a weaker condition": Implies(g[i] >= 0, c >= QUOTIENT),
    "beside the implication": And(Implies(APART, c > 0), c >= QUOTIENT),
    "of a sum": Implies(And(Ne(g[i], 0), Ne(g[j], 0)), 1 / (g[i] + g[j]) <= c),
}


@pytest.mark.parametrize("what", SAFE)
def test_a_condition_keeps_its_conclusion_from_dividing_by_zero(what):
    assert not denominators(SAFE[what])
    assert replay(Hand(lemmas={"draft/l": SAFE[what]}).derivation()).statement == SAFE[what]


@pytest.mark.parametrize("what", UNSAFE)
def test_a_condition_does_not_answer_for_other_denominators(what):
    assert denominators(UNSAFE[what])
    rejected(Hand(lemmas={"draft/l": UNSAFE[what]}), "divides by")


def test_what_is_bound_anew_needs_a_fact_about_every_member():
    told = Hand(APART, UNSAFE["bound anew in a least value"])
    told.add("conjunction", (0, 1))
    assert replay(told.derivation())
    about_one = Hand()
    about_one.add("suppose", (), APART)
    about_one.add("order", (), S.Zero <= greatest(Abs(QUOTIENT), i))
    rejected(about_one, "divides by")


def test_a_reserved_letter_is_not_captured():
    """A denominator with the letter that bound indices get is not the one in which they are bound."""
    free = mean(g[j] * r[SHADOW], j)
    with pytest.raises(RuleError, match="reserved"):
        canonical(free)
    hand = Hand()
    hand.steps = [
        Step("hypothesis", (), (Ne(free, 0),), Ne(free, 0)),
        Step("order", (), (S.Zero <= 1 / mean(g[j] * r[j], j) ** 2,), S.Zero <= 1 / mean(g[j] * r[j], j) ** 2),
    ]
    hand.hypotheses = (Ne(free, 0),)
    rejected(hand, "reserved")


IMPLICATIONS = {
    "the converse": Implies(g[i] ** 2 > 0, g[i] > 0),
    "a conclusion about every member": Implies(g[i] > 0, g[j] > 0),
    "a stronger conclusion": Implies(g[i] > 0, g[i] > 1),
    "another member's sign": Implies(Ne(g[i], 0), g[j] ** 2 > 0),
    "what needs the condition, without it": g[i] ** 2 > 0,
    "a quotient by what may be 0": Implies(c > 0, 1 / g[i] ** 2 >= 0),
    "a sign from a distance": Implies(Ne(g[i], g[j]), g[i] - g[j] > 0),
    "the least of quotients": Implies(Ne(g[i], 0), least(1 / g[i] ** 2, i) >= 0),
}


@pytest.mark.parametrize("what", IMPLICATIONS)
def test_a_false_implication_is_not_derived(what):
    assert isinstance(prove(IMPLICATIONS[what]), NotProved)


def test_equations_of_fixed_members_do_not_reach_others():
    condition = Eq(g[i], 0)
    (member,) = supposed(condition).values()
    hand = Hand()
    supposition = hand.add("suppose", (), condition)
    with pytest.raises(RuleError, match="normal form"):
        hand.add("identity", (supposition,), g[j] * c, S.Zero)
    equal = hand.add("identity", (supposition,), g[member] * norm(x[j]), S.Zero)
    hand.add("discharge", (supposition, equal), condition)
    assert replay(hand.derivation()).statement == Implies(condition, Eq(g[i] * norm(x[j]), 0))


def test_a_certificate_may_name_a_supposed_member_and_no_batch_of_it():
    small = norm(mean(A[j], j, w.S)) <= c
    hand = Hand(small, B < N)
    supposition = hand.add("suppose", (), APART)
    near = hand.add("batch_norm", (0, 1), B, 1 - B, MEMBER)
    hand.add("discharge", (supposition, near), APART)
    assert replay(hand.derivation()).statement == Implies(APART, norm(A[i]) <= (2 * B - 1) * c)
