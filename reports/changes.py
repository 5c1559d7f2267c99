"""What changed of one claim between two verdicts, one line for each change.

A change that follows from another is told with it and is no line of its own:

- a grade that rose or fell explains what came or went with it: a counterexample, a mutant that the reason names, an
  error of the claim's own code, another expectation;
- a statement that says something else explains another title, counterexample and tightness, and other statements of its
  mutants. (Whether a mutant was caught is told all the same, and so is a grade.)

Not compared is what follows from the clock, the place or the way: times, files and lines, findings, counts,
derivations, spectra, ablations, sharpenings, vacuity, measures, the counterexamples of mutants, and the engine's own
mutants where other networks were drawn (they may be true, so that none of them fails a comparison).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.phrases import facing, place, quantity, standing
from reports.record import GRADES, Mutant, Record, Verdict, Witness
from reports.restated import Part, Restated, differences
from reports.sampling import moved, same_networks, worst

Kind = Literal[
    "fell", "error", "mutant", "rose", Part, "expectation", "source", "witness", "loosened", "tightened", "appeared",
    "vanished",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "fell", "error", "mutant", "rose", "statement", "constant", "hypothesis", "definition", "world", "hash",
    "expectation", "source", "witness", "loosened", "tightened", "appeared", "vanished",
)  # fmt: skip
"""In the order of reports, where what fails comes before all else."""
_OF_MUTANTS = ("statement", "constant", "hypothesis")
"""What the text of a mutant may repeat of its claim."""
RESTATED: frozenset[Kind] = frozenset(("statement", "constant", "hypothesis", "definition", "world", "hash"))

OUT_OF_TIME = "the budget of time was spent"
"""How the reason begins of a verdict that the clock cut short."""


@dataclass(frozen=True)
class Change:
    """One claim in both records."""

    old: Verdict
    new: Verdict

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.new["id"]

    @property
    def climb(self) -> int:
        """By how many grades it rose (negative: fell), in the order REFUTED < ... < PROVED.

        Where both records expect a refutation, being refuted is the success: the order is reversed, so that a lost
        counterexample falls. At an equal grade, leaving or entering "as expected" counts as one.
        """
        step = GRADES.index(self.new["grade"]) - GRADES.index(self.old["grade"])
        if self.old["expects"] == self.new["expects"] == "REFUTED":
            step = -step
        return step or int(self.new["as_expected"]) - int(self.old["as_expected"])


@dataclass(frozen=True)
class Item:
    """One change of one claim: before and after, in words or as a formula, and why; `fails` makes the exit code 1."""

    claim: str
    kind: Kind
    was: str
    now: str
    note: str = ""
    fails: bool = False


@dataclass(frozen=True)
class Common:
    """What two runs had in common: `versions` of all packages; `draws`, all settings that networks follow from."""

    versions: bool
    draws: bool


def common(old: Record, new: Record) -> Common:
    """What two runs had in common."""

    def settings(record: Record) -> list[object]:
        run = record.run
        return [run["seed"], run["effort"], [(d["name"], d["dtypes"]) for d in run["device"]], run["data"]]

    versions = old.run["versions"] == new.run["versions"]
    return Common(versions, versions and settings(old) == settings(new))


def restated(change: Change, shared: Common) -> list[Restated]:
    """What the claim says otherwise than it did."""
    return differences(change.old["statement"], change.new["statement"], shared.versions)


def same_draws(change: Change, shared: Common) -> bool:
    """Whether both verdicts rest on the same networks."""
    return shared.draws and same_networks(change.old, change.new)


def items(change: Change, said: Sequence[Restated], same: bool, tests: int) -> Iterator[Item]:
    """The changes of one claim; `same`: whether the networks are the same, `tests`: of how many claims they are not."""
    old, new, step = change.old, change.new, change.climb
    fates = list(_mutants(change, same, any(part.part in _OF_MUTANTS for part in said)))
    reason = (new if step < 0 else old)["reason"]
    told = [item for name, item in fates if step and name in reason and "survived" in (item.was, item.now)]
    if step:
        kind: Kind = "rose" if step > 0 else "fell"
        fails = step < 0 or (old["as_expected"] and not new["as_expected"])
        yield Item(change.id, kind, standing(old), standing(new), _because(change, told), fails)
    elif (old["error"] is None) != (new["error"] is None):
        note = new["error"] or f"was: {old['error']}"
        yield Item(change.id, "error", _raising(old), _raising(new), note, new["error"] is not None)
    elif old["expects"] != new["expects"]:
        yield Item(change.id, "expectation", old["expects"], new["expects"])
    yield from (item for _, item in fates if item not in told)
    for number, part in enumerate(said):
        beside = _beside(change) if number == 0 else []
        yield Item(change.id, part.part, part.was, part.now, "; ".join(filter(None, [part.note, *beside])))
    yield from _source(change, bool(said))
    if not said:
        yield from _witness(change, same)
        pull = moved(old, new, same, tests)
        if pull:
            yield Item(change.id, "tightened" if pull > 0 else "loosened", *_tightness(change), "worst value / bound")


def _because(change: Change, told: list[Item]) -> str:
    """Why a grade is what it is now: the reason, and what came or went along."""
    old, new = change.old, change.new
    why = [new["error"] or new["reason"]]
    if new["error"] is None and old["error"] is not None:
        why.append("its own code no longer raises")
    if old["expects"] != new["expects"]:
        why.append(f"{old['expects']} was expected, {new['expects']} is")
    if new["witness"] and not old["witness"]:
        why.append(f"at {place(new['witness'])}")
    if old["witness"] and not new["witness"]:
        why.append(f"the counterexample is gone: {_counterexample(old['witness'])}")
    why += [f"{item.note} is {item.now}" for item in told if change.climb > 0]
    return "; ".join(filter(None, why))


def _raising(verdict: Verdict) -> str:
    return standing(verdict) if verdict["error"] is None else "its own code raises"


def _tightness(change: Change) -> tuple[str, str]:
    return quantity(worst(change.old)), quantity(worst(change.new))


def _beside(change: Change) -> list[str]:
    """What else differs of a claim that says something else now, in words."""
    (was, now), old, new = _tightness(change), change.old["witness"], change.new["witness"]
    found = [f"tightness {now}, was {was}"] if was != now and "-" not in (was, now) else []
    return [*found, f"now {_counterexample(new)}"] if old and new and _shown(old) != _shown(new) else found


# -- mutants -------------------------------------------------------------------------------------------------------


def _fate(mutant: Mutant) -> str:
    fate = {(True, False): "caught", (False, True): "proved", (True, True): "refuted and proved"}
    return fate.get((mutant["refuted"], mutant["proved"]), "survived" if mutant["by"] == "author" else "not refuted")


def _all_judged(verdict: Verdict) -> bool:
    """Whether a verdict tells of every mutant of its claim's author."""
    cut = any(finding.get("stopped") for finding in verdict["findings"]) or verdict["reason"].startswith(OUT_OF_TIME)
    return not (cut or verdict["error"] is not None or verdict["grade"] == verdict["expects"] == "REFUTED")


def _mutants(change: Change, same: bool, restated: bool) -> Iterator[tuple[str, Item]]:
    """By name, mutants that were caught and are not, or the reverse; that came or went, or say something else."""

    def item(mutant: Mutant, was: str, now: str, fails: bool = False) -> tuple[str, Item]:
        return mutant["name"], Item(change.id, "mutant", was, now, f"mutant {mutant['name']!r}", fails)

    before, after = ({(m["by"], m["name"]): m for m in verdict["mutants"]} for verdict in (change.old, change.new))
    pairs = [(before[key], after[key]) for key in before if key in after]
    gone = [m for key, m in before.items() if key not in after and m["by"] == "author"]
    come = [m for key, m in after.items() if key not in before and m["by"] == "author"]
    by_statement = {m["statement"]: m for m in come}
    for was in list(gone):
        now = by_statement.pop(was["statement"], None)
        if now is not None:
            gone.remove(was)
            come.remove(now)
            pairs.append((was, now))
            yield item(now, f"named {was['name']!r}", f"named {now['name']!r}")
    for was, now in pairs:
        own = now["by"] == "author"
        if _fate(was) != _fate(now) and (own or (same and not restated)):
            yield item(now, _fate(was), _fate(now), own and was["refuted"] and not now["refuted"])
        elif was["statement"] != now["statement"] and own and not restated:
            yield item(now, was["statement"], now["statement"])
    if _all_judged(change.old) and _all_judged(change.new):
        yield from (item(m, _fate(m), "") for m in gone)
        yield from (item(m, "", _fate(m)) for m in come)


# -- source and counterexample -------------------------------------------------------------------------------------


def _source(change: Change, restated: bool) -> Iterator[Item]:
    """Another title (of what says the same still), reference, provenance or link."""
    old, new = ({"title": verdict["title"], **verdict["source"]} for verdict in (change.old, change.new))
    fields = [key for key in {**old, **new} if old.get(key) != new.get(key) and not (restated and key == "title")]
    if fields:
        was, now = ("; ".join(str(told.get(field) or "none") for field in fields) for told in (old, new))
        yield Item(change.id, "source", was, now, ", ".join(fields))


def _shown(witness: Witness) -> tuple[object, ...]:
    """What a counterexample is, wherever it is stored."""
    name = witness.get("file", "").replace("\\", "/").rpartition("/")[2]
    return (*(witness.get(key) for key in ("sentence", "sides", "size", "point", "nonzero", "kink")), name)


def _counterexample(witness: Witness) -> str:
    kink = ", on a kink" if witness["kink"] else ""
    return f"{facing(witness['sides'])} at {place(witness)}{kink}"


def _extent(witness: Witness) -> tuple[int, int]:
    return sum(witness["size"].values()), witness["nonzero"]


def _witness(change: Change, same: bool) -> Iterator[Item]:
    """Another counterexample to the same statement; one that came or went with a grade is told there."""
    old, new = change.old["witness"], change.new["witness"]
    if old and new and _shown(old) != _shown(new):
        size = "a smaller" if _extent(new) < _extent(old) else "a larger" if _extent(new) > _extent(old) else "another"
        note = f"{size} counterexample"
        if old.get("sentence") != new.get("sentence"):
            note += f", to {new.get('sentence')}; was to {old.get('sentence')}"
        elif _shown(old)[:-1] == _shown(new)[:-1]:
            note = f"in another file: {new.get('file')}"
        note += "" if same else "; other networks were drawn"
        yield Item(change.id, "witness", _counterexample(old), _counterexample(new), note)
    elif bool(old) != bool(new) and not change.climb:
        was, now = (_counterexample(witness) if witness else "" for witness in (old, new))
        yield Item(change.id, "witness", was, now, "the counterexample is gone" if old else "a counterexample came")
