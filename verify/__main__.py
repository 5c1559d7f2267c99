"""The command line: findings in, exit codes out. ``lakatos`` and ``python -m verify`` are this program."""

from __future__ import annotations

import difflib
import io
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from verify import catalogue
from verify.auditing import audit
from verify.catalogue import CatalogueError
from verify.claims import Claim

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Proofs and refutations for machine-learning theory.",
)
OK, UNEXPECTED, USAGE, CONTRADICTION, AUTHOR, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
DEFAULT_OUT = Path(".lakatos")
RECORD = "record.jsonl"
SHOWN = 5
"""How many claims are named where one of them is meant."""
STOPPED = "interrupted; what was judged is in the record"
UNPRINTABLE = "backslashreplace"
"""What becomes of a character that a terminal's encoding, or UTF-8, lacks: files may hold any."""


class Usage(Exception):
    """Wrong input: one sentence that says what and what to do."""


# Typer's base of all "you typed something that I cannot take"; its module differs between releases.
_MISTYPED: Any = typer.BadParameter.__mro__[2]
Effort = Annotated[str, typer.Option(help="quick, standard or thorough: how many networks are tried.")]
Device = Annotated[str, typer.Option(help="cpu, cuda, or all that are available.")]
Dtype = Annotated[str, typer.Option(help="float64, float32, or all.")]


@app.command()
def check(
    wanted: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM-GLOB | FILE.py]...")] = None,
    effort: Effort = "quick",
    budget: Annotated[str | None, typer.Option(help="Stop the clock: 90s, 5m, 1h.")] = None,
    device: Device = "cpu",
    dtype: Dtype = "float64",
    seed: Annotated[int, typer.Option(help="Every draw follows from it.")] = 0,
    data: Annotated[Path | None, typer.Option(help="An .npz file (X, y) that the trained networks learn from.")] = None,
    ablate: Annotated[bool, typer.Option(help="Say of each hypothesis whether it is needed.")] = False,
    sharpen: Annotated[bool, typer.Option(help="Say how small the constant of each claim may be.")] = False,
    fed: Annotated[bool, typer.Option(help="Replay stored witnesses before searching.")] = True,
    out: Annotated[Path, typer.Option(help="Where the record, witnesses and derivations go.")] = DEFAULT_OUT,
    json_to: Annotated[str | None, typer.Option("--json", help="Write the record to a file, or - for here.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="An earlier record to compare with.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="How many processes judge claims; 0: by claims and cores.")] = 0,
    resume: Annotated[Path | None, typer.Option(help="Finish the record in this folder.")] = None,
    chunk: Annotated[int, typer.Option(min=64, help="Array entries held at once; no result depends on it.")] = 2**21,
) -> None:
    """Judge claims: the whole catalogue, or what globs and files name."""
    from verify import commands

    options = commands.Options(
        list(wanted or ()),
        effort,
        budget,
        device,
        dtype,
        seed,
        data,
        ablate,
        fed,
        out,
        json_to,
        baseline,
        jobs,
        resume,
        chunk,
        sharpen,
    )
    raise typer.Exit(commands.check(options))


@app.command(name="list")
def list_claims(
    glob: Annotated[str | None, typer.Argument(metavar="[GLOB | FILE.py]")] = None,
    json_to: Annotated[str | None, typer.Option("--json", help="- for JSON on the standard output.")] = None,
) -> None:
    """Show the catalogue: ids, sources, expected grades."""
    selection = catalogue.select([glob] if glob else [])
    for broken in selection.broken:
        print(f"lakatos: {broken.error}; correct the file", file=sys.stderr)
    if not selection.claims:
        if selection.broken:
            raise typer.Exit(AUTHOR)
        print(f"lakatos: no claim matches {glob}; lakatos list shows them all", file=sys.stderr)
        raise typer.Exit(NOTHING)
    lines = [
        {
            "id": c.id,
            "source": c.source,
            "provenance": c.provenance,
            "expects": c.expects.name.lower(),
            "title": c.title,
        }
        for c in selection.claims
    ]
    if json_to is not None:
        _put(json_to, json.dumps(lines, indent=1))
        return
    width = max(len(line["id"]) for line in lines)
    for line in lines:
        print(f"{line['id']:<{width}}  {line['expects']:<12}  {line['source']}")


@app.command()
def show(
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM")],
    claims_in: Annotated[
        Path | None, typer.Argument(metavar="[FILE.py]", help="The file that makes the claim.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the last record lies.")] = DEFAULT_OUT,
    proof: Annotated[bool, typer.Option("--proof", help="Print the derivation of the last record as well.")] = False,
) -> None:
    """Show a claim: statement, hypotheses, mutants, witnesses, last verdict."""
    from verify import showing

    showing.show(_one(claim_id, claims_in), out, proof)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="WITNESS.json")],
    claims_in: Annotated[
        Path | None, typer.Argument(metavar="[FILE.py]", help="The file that makes the claim.")
    ] = None,
    script: Annotated[Path | None, typer.Option(help="Write a script that needs numpy alone.")] = None,
) -> None:
    """Rebuild a counterexample, judge it again exactly, and print both sides; exit 0 if it still refutes."""
    from verify import commands

    raise typer.Exit(commands.replay(file, claims_in, script))


@app.command()
def recheck(file: Annotated[Path, typer.Argument(metavar="FILE", help="A derivation, or a record.")]) -> None:
    """Replay stored derivations with the small checker alone."""
    from verify import rechecking

    raise typer.Exit(rechecking.recheck(file))


@app.command()
def report(
    record: Annotated[Path, typer.Argument(metavar="RECORD.jsonl")],
    html: Annotated[bool, typer.Option("--html", help="One page for a browser.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="For a README or a pull request.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="For a GitHub step summary, at most 64 KB.")] = False,
    annotations: Annotated[bool, typer.Option("--annotations", help="For GitHub: at the lines of claims.")] = False,
    junit: Annotated[bool, typer.Option("--junit", help="JUnit XML.")] = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="SARIF 2.1.0.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="An appendix for a paper.")] = False,
    every: Annotated[bool, typer.Option("--all", help="All of these, into a folder.")] = False,
    evidence: Annotated[str | None, typer.Option(metavar="CLAIM", help="All about one claim, into a folder.")] = None,
    history: Annotated[list[Path] | None, typer.Option(help="An earlier record, for trends; may be repeated.")] = None,
    out: Annotated[str, typer.Option("--out", "-o", help="A file, or a folder for several; - for here.")] = "-",
) -> None:
    """Show a record again: on the terminal, or in the forms that readers and programs take."""
    from verify import reporting

    asked = {
        "html": html,
        "markdown": markdown,
        "summary": summary,
        "annotations": annotations,
        "junit": junit,
        "sarif": sarif,
        "latex": latex,
    }
    names = [name for name, wanted in asked.items() if wanted or every]
    raise typer.Exit(reporting.report(record, names, out, history or [], evidence))


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD")],
    new: Annotated[list[Path], typer.Argument(metavar="NEW")],
    markdown: Annotated[bool, typer.Option("--markdown", help="A table for a pull request; so it is without.")] = False,
    json_to: Annotated[str | None, typer.Option("--json", help="The changes as JSON: a file, or - for here.")] = None,
    out: Annotated[str, typer.Option("--out", "-o", help="A file for the Markdown; - for here.")] = "-",
) -> None:
    """What changed between two records, as Markdown of at most 64 KB; with more of them, the grades over all too.

    Exit 1 if a grade fell, a mutant that was caught survives, a claim's own code raises now, or the new run has no
    verdict on a claim that it set out to judge and the old run judged; else 0.
    """
    from verify import comparing

    raise typer.Exit(comparing.compared([old, *new], json_to, out))


app.command()(audit)


@app.command()
def reproduce(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="chen2024, or ledent2025.")],
    dataset: Annotated[str | None, typer.Option(help="california, mnist, diabetes or digits.")] = None,
    data: Annotated[Path | None, typer.Option(help="A file of it: .npz (X, y or images, labels), .csv.")] = None,
    width: Annotated[int | None, typer.Option(help="Neurons of a hidden layer.")] = None,
    epochs: Annotated[int | None, typer.Option(help="How often each training sample is seen.")] = None,
    samples: Annotated[int | None, typer.Option(help="Training samples.")] = None,
    test_samples: Annotated[int | None, typer.Option(help="Test samples.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="The batch size of all figures but the last.")] = None,
    batch_sizes: Annotated[str | None, typer.Option(help="Further ones, as in 8,32; '' for none.")] = None,
    batch_rate: Annotated[str | None, typer.Option(help="Their learning rate: linear in the size, or same.")] = None,
    weight_decay: Annotated[str | None, typer.Option(help="The weight decays of V, as in 0,0.01,1.")] = None,
    decay_convention: Annotated[int | None, typer.Option(help="1: (mu/2) |V|^2; 2: mu |V|^2.")] = None,
    outer_decay: Annotated[str | None, typer.Option(help="The weight decay of u; or same.")] = None,
    bias_decay: Annotated[str | None, typer.Option(help="The weight decay of b; or same.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The step size; by a rule where it is not given.")] = None,
    rate_factor: Annotated[float | None, typer.Option(help="What it is multiplied by, now and then.")] = None,
    rate_every: Annotated[int | None, typer.Option(help="After how many epochs it is.")] = None,
    loss_scale: Annotated[float | None, typer.Option(help="s of the loss s (phi - y)^2.")] = None,
    initial: Annotated[str | None, typer.Option(help="Weights at the start: normal, uniform or default.")] = None,
    scaling: Annotated[str | None, typer.Option(help="Of inputs: standard, unit or raw.")] = None,
    clip: Annotated[float | None, typer.Option(help="The largest scaled input; 0 for any.")] = None,
    depths: Annotated[str | None, typer.Option(help="Numbers of layers, as in 2,3,4 (ledent2025).")] = None,
    seeds: Annotated[int | None, typer.Option(help="How many: each has its split, start and order.")] = None,
    dtype: Annotated[str | None, typer.Option(help="float32 or float64.")] = None,
    device: Device = "cpu",
    out: Annotated[Path | None, typer.Option(help="A new folder for checkpoints, results and figures.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the experiment in this folder.")] = None,
    figures: Annotated[bool, typer.Option(help="Draw the figures.")] = True,
) -> None:
    """A paper's experiments: trained again, drawn again, its empirical sentences tested over seeds.

    Exit 1 where a test speaks against what the paper prints, at the sizes that it prints. Control-C leaves a folder
    that --resume goes on with.
    """
    from verify import reproducing

    given = {
        "data": None if data is None else str(data),
        "width": width,
        "epochs": epochs,
        "train": samples,
        "test": test_samples,
        "batch": batch_size,
        "batches": batch_sizes,
        "batch_rate": batch_rate,
        "decays": weight_decay,
        "convention": decay_convention,
        "outer": outer_decay,
        "bias": bias_decay,
        "rate": learning_rate,
        "factor": rate_factor,
        "every": rate_every,
        "loss_scale": loss_scale,
        "initial": initial,
        "scaling": scaling,
        "clip": clip,
        "depths": depths,
        "seeds": seeds,
        "dtype": dtype,
    }
    raise typer.Exit(reproducing.reproduce(paper, dataset, given, device, out, resume, figures))


@app.command()
def doctor() -> None:
    """Versions, devices, determinism, and a self-test."""
    from verify import doctoring

    raise typer.Exit(doctoring.examine())


def _one(claim_id: str, claims_in: Path | None) -> Claim:
    selection = catalogue.select([str(claims_in)] if claims_in else [claim_id])
    made = selection.claims
    chosen = [c for c in made if c.id == claim_id] if claims_in else list(made)
    if not made and selection.broken:
        raise Usage(f"{selection.broken[0].error}; correct the file")
    if not made:
        raise Usage(f"{claims_in or claim_id} names no claim; lakatos list shows them all")
    if len(chosen) != 1:
        near = difflib.get_close_matches(claim_id, [c.id for c in made], n=len(made), cutoff=0)
        ids = ", ".join(near[:SHOWN]) + (f" and {len(near) - SHOWN} more" if len(near) > SHOWN else "")
        listing = f"lakatos list {claims_in or claim_id}"
        rest = f"; {listing} shows them all" if len(near) > SHOWN else ""
        raise Usage(
            f"{claim_id} names {len(chosen)} claims{f' of {claims_in}' if claims_in else ''}; say lakatos show CLAIM "
            f"[FILE.py] with one of {ids}{rest}"
        )
    return chosen[0]


def _put(target: str, text: str) -> None:
    if target == "-":
        print(text)
    else:
        Path(target).write_text(text + "\n", encoding="utf-8", errors=UNPRINTABLE)


def _known_errors() -> tuple[type[BaseException], ...]:
    """Errors whose message is the whole story."""
    from properties.audit.results import AuditError
    from properties.experiments.configurations import ExperimentError
    from properties.worlds.datasets import DatasetError
    from reports.record import RecordError
    from verify.arena import ArenaError
    from verify.claims import ClaimError
    from verify.witness import WitnessError

    others = (RecordError, DatasetError, AuditError, ExperimentError)
    return (Usage, CatalogueError, ClaimError, ArenaError, WitnessError, *others)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; never a traceback."""
    started = time.monotonic()
    code: Any = OK
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=UNPRINTABLE)
    try:
        given = sys.argv[1:] if arguments is None else arguments
        code = app(given or ["--help"], standalone_mode=False)
    except typer.Exit as finished:
        code = finished.exit_code
        if isinstance(finished.__cause__, KeyboardInterrupt):  # some releases of typer make this of it
            print(STOPPED, file=sys.stderr)
    except _MISTYPED as error:
        code = _complain(error.format_message().replace("\n", " "))
    except (typer.Abort, KeyboardInterrupt):
        print(STOPPED, file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as error:
        if isinstance(error, _known_errors()):
            code = _complain(str(error))
        elif isinstance(error, OSError):
            code = _complain(f"{error.filename or 'a file'}: {error.strerror}; check the path and its permissions")
        else:
            after = time.monotonic() - started
            code = _complain(
                f"lakatos itself failed after {after:.1f} s ({type(error).__name__}: {error}); run lakatos doctor, "
                "and report it with the command that you typed"
            )
    if code == INTERRUPTED:
        # An interrupt inside an exec of text is remembered, and Python would end as if killed; another exec forgets it.
        exec("")
    sys.exit(code if isinstance(code, int) else OK)


def _complain(sentence: str) -> int:
    print(f"lakatos: {sentence}", file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    main()
