"""The sizes of ranges and of matrices are the kind's: no word that is named like one of them stands for it."""

import copy
import json
from types import SimpleNamespace

import pytest
from sympy import Eq, Integer, Le

from properties.worlds.networks import TwoLayerReLU
from symbolic import index, mean, rank, size, word
from symbolic.codec import CodecError, digest
from symbolic.grammar import RuleError, size_for, well_formed
from symbolic.papers.weight_decay import B, N, g
from symbolic.proofs import Derivation
from symbolic.prover import NotProved, prove
from symbolic.rules import apply
from symbolic.words import Scalar
from verify.claims import ClaimError, Statement, claim, claims, forget
from verify.proving import Proofs
from verify.recheck import Rejected, replay

i, j, S = index("i", "samples"), index("j", "samples"), index("S", "batches")


class Elsewhere:
    """A kind that reads words by functions."""


def second_moment(members, many, few):
    """The mean square of all means of ``few`` out of ``many``, as it is for those sizes."""
    average = mean(members[j], j, S)
    left = few * (many - 1) * mean(average**2, S)
    return Eq(left, (many - few) * mean(members[j] ** 2, j) + many * (few - 1) * mean(members[j], j) ** 2)


@pytest.fixture
def sizes():
    """The sizes of a source of its own, with numbers of its samples, and afterwards without readings."""
    named = size("sized:N", "all"), size("sized:B", "some")
    yield (*named, word("sized:w", "a number of a sample", over="samples"))
    for each in named:
        each.entry.readers.clear()


def test_the_sizes_of_a_source_count_its_ranges(sizes):
    many, few, weights = sizes
    assert isinstance(prove(second_moment(weights, many, few)), Derivation)
    assert isinstance(prove(second_moment(g, N, B)), Derivation)


def test_no_size_that_a_function_reads_counts_a_range(sizes):
    many, few, weights = sizes
    says = second_moment(weights, many, few)
    derivation = prove(says)
    few.read_in(Elsewhere)(lambda net: net)
    assert isinstance(prove(says), NotProved)
    with pytest.raises(Rejected, match="do not tell its sizes"):
        replay(derivation)
    assert size_for(S, mean(weights[j], j, S)) is None
    bounded = word("sized:rows", "a column of a sample", shape=(2, 1), over="samples")
    with pytest.raises(RuleError, match="not the size B"):
        apply("rank_batch_mean", (rank(bounded[j]) <= Integer(1),), (mean(bounded[j], j, S), few))


def test_no_word_that_is_no_size_counts_a_range():
    plain = word("unsized:B", "some integer", integer=True, nonnegative=True)
    bounded = word("unsized:rows", "a column of a sample", shape=(2, 1), over="samples")
    posing = Scalar("unsized:B", integer=True, positive=True)
    for named in (plain, posing):
        with pytest.raises(RuleError):
            apply("rank_batch_mean", (rank(bounded[j]) <= Integer(1),), (mean(bounded[j], j, S), named))
    with pytest.raises(RuleError, match="declared otherwise"):
        well_formed(Le(posing, plain, evaluate=False))


def test_no_size_that_a_function_reads_bounds_a_rank():
    rows = size("sized:m", "rows")
    matrix = word("sized:M", "a matrix", shape=(rows, rows))
    assert isinstance(prove(rank(matrix) <= rows), Derivation)
    rows.read_in(Elsewhere)(lambda net: net)
    try:
        assert isinstance(prove(rank(matrix) <= rows), NotProved)
    finally:
        rows.entry.readers.clear()


def test_a_claim_with_a_namesake_of_a_size_is_refused(sizes):
    many, few, weights = sizes
    shaped = word("sized:shaped", "a square matrix", shape=(many, many))
    for each in (many, few, weights, shaped):
        each.entry.readers[TwoLayerReLU] = lambda net: net.g
    try:
        for says, named in (
            (second_moment(weights, many, few), "sized:B"),
            (rank(shaped) <= 3, "sized:N"),
            (second_moment(weights, N, few), "sized:B"),
        ):
            with pytest.raises(ClaimError, match=f"the word {named} is named like the size {named[-1]}") as caught:
                claim("draft/namesake", "False.", given=TwoLayerReLU(), says=says)
            assert "\n" not in str(caught.value)
        made = claim(
            "draft/no-namesake", "Of the kind's sizes.", given=TwoLayerReLU(), says=second_moment(weights, N, B)
        )
        assert made.id in claims()
    finally:
        forget(__file__)


def test_a_lemma_about_other_worlds_is_not_used(sizes):
    """A size of the lemma's kind is none of the claim's: there it might be any number."""
    many, _, _ = sizes
    kind = TwoLayerReLU()
    lemmas = {"a/own": Le(B, N), "a/foreign": Le(many, N)}
    catalogue = {name: SimpleNamespace(id=name, statement=Statement(kind, (), says)) for name, says in lemmas.items()}
    for name, says in lemmas.items():
        asking = SimpleNamespace(
            id="a/claim", statement=Statement(kind, (), 2 * says.lhs <= 2 * N), relies_on=(name,), where={}, proof=None
        )
        found = Proofs(None, catalogue).derivation(asking, asking.statement)
        assert (found is not None) == (name == "a/own")


def stored():
    half = word("sizeless:d", "an integer", integer=True, nonnegative=True)
    full = size("sizeless:e", "a size")
    return prove(Le(half, half + full, evaluate=False)).to_json()


@pytest.mark.parametrize(("name", "said"), [("sizeless:d", True), ("sizeless:e", False)])
@pytest.mark.parametrize("version", [1, 2])
def test_a_file_does_not_make_a_word_a_size(name, said, version):
    whole = stored()
    header = {key: whole[key] for key in ("statement", "hypotheses", "definitions", "lemmas")}
    assert replay({**whole, "version": version, "digest": digest(header) if version == 1 else whole["digest"]})
    changed = copy.deepcopy(whole)
    changed["words"][name]["size"] = said
    changed |= {"version": version, "digest": digest(header) if version == 1 else whole["digest"]}
    with pytest.raises(Rejected, match="otherwise than this program does"):
        replay(json.dumps(changed))


def unknown(source):
    """The same file about words that this program does not know, sealed anew."""
    whole = json.loads(json.dumps(stored()).replace("sizeless:", f"{source}:"))
    header = {key: whole[key] for key in ("statement", "hypotheses", "definitions", "lemmas")}
    return {**whole, "digest": digest(header, [f"{source}:e"])}


def test_the_seal_covers_which_words_are_sizes():
    """Of words that this program does not know, only the file says so."""
    assert replay(unknown("seal"))
    for letter in "de":
        changed = unknown(f"seal-{letter}")
        said = changed["words"][f"seal-{letter}:{letter}"]
        said["size"] = not said["size"]
        with pytest.raises(Rejected, match="digest"):
            replay(changed)


def test_a_size_is_a_positive_integer_without_shape_or_range():
    for key, value in (("integer", False), ("nonnegative", False), ("over", ["samples"])):
        changed = unknown(f"ill-{key}")
        changed["words"][f"ill-{key}:e"][key] = value
        with pytest.raises(CodecError, match="declared a size"):
            Derivation.from_json(changed)
