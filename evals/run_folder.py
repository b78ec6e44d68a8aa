"""The folder of a run: what it was and what each case scored, read back and checked. Knows nothing of how runs are made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from evals.results import SampleResult

SAMPLES, ABOUT = "samples.jsonl", "run.json"


class Left(BaseModel):
    """What a run left out, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str
    count: int | None
    reason: str


class Chosen(BaseModel):
    """What was typed to choose what a run asks, so that it can be gone on with; "" or nothing where it was not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suites: tuple[str, ...] = ()
    data: str = ""
    public: str = ""
    only: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


class Resumed(BaseModel):
    """When and how a run was gone on with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    started: str
    command: str
    commit: str


class Astray(BaseModel):
    """A question of an evaluator's that names evidence which stands in no document of the index.

    Attributes:
        place: Where it stands in the evaluator's file, such as "row 3".
        evidence: The sentences that stand nowhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: str
    id: str
    place: str
    evidence: tuple[str, ...]


class About(BaseModel):
    """What a run was: everything that its figures depend on, beside the cases themselves.

    Attributes:
        questions: A digest of each set that was asked, by its name.
        indexes: A digest of each index that was asked, by the name of its guidance.
        resumed: Each time that it was gone on with; all else is as it was begun.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    started: str
    command: str
    commit: str
    suites: tuple[str, ...]
    limit: int
    seed: int
    epochs: int
    settings: dict[str, str]
    model: str
    versions: dict[str, str]
    machine: dict[str, Any]
    chosen: Chosen = Chosen()
    questions: dict[str, str] = Field(default_factory=dict)
    indexes: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[Left, ...] = ()
    astray: tuple[Astray, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)
    peak_mib: float = 0.0
    finished: bool = False
    resumed: tuple[Resumed, ...] = ()


def read_results(out: Path, *, mend: bool = False) -> list[SampleResult]:
    """The results of a run.

    Args:
        out: Folder of the run.
        mend: Take away a last line that was cut off when the run was stopped.

    Raises:
        InputError: There is no run in the folder, or a line of it is damaged.
    """
    path = samples_path(out)
    if not path.exists():
        raise InputError(f"There is no run in {out}: it has no {SAMPLES}. `bernard eval run` makes one.")
    lines = path.read_text("utf-8").split("\n")
    results = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            results.append(SampleResult.model_validate_json(line))
        except ValidationError:
            if mend and number >= len(lines) - 1:
                path.write_text("".join(f"{one}\n" for one in lines[: number - 1]), "utf-8")
                break
            raise InputError(
                f"{path}, line {number} is damaged. Give --resume to `bernard eval run` to mend a run."
            ) from None
    return results


def read_about(out: Path) -> About:
    """What a run was.

    Raises:
        InputError: There is no run in the folder.
    """
    try:
        about = About.model_validate_json((out / ABOUT).read_text("utf-8"))
        if about.finished:
            return about
    except (OSError, ValidationError):
        pass
    raise InputError(
        f"There is no finished run in {out}. `bernard eval run --out {out} --resume` finishes one that was stopped."
    )


def read_begun(out: Path) -> About:
    """What a run was begun as, finished or not.

    Raises:
        InputError: Its record is missing or damaged, or does not say what was asked, so that nothing can be added to it.
    """
    try:
        about = About.model_validate_json((out / ABOUT).read_text("utf-8"))
    except (OSError, ValidationError):
        raise InputError(
            f"{out / ABOUT} is missing or damaged, so nobody knows how this run was begun. Start anew, in another folder."
        ) from None
    if not about.questions:
        raise InputError(
            f"{out / ABOUT} does not say which questions the run asks: an earlier version began it. Start anew, in another "
            "folder with --out."
        )
    return about


def write_about(out: Path, about: About) -> None:
    """Keep what a run is, whole or not at all."""
    whole = out / f"{ABOUT}.new"
    whole.write_text(about.model_dump_json(indent=2), "utf-8")
    whole.replace(out / ABOUT)


def samples_path(out: Path) -> Path:
    """The file of results in a run's folder."""
    return out / SAMPLES
