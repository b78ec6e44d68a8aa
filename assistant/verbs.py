"""The verbs of `bernard`, each a function from what was typed to an exit status.

Everything heavy is imported by the verb that needs it, so `bernard --help` is instant. Knows nothing of how options are
written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import BernardError, InputError, SettingsError
from assistant.output import ProgressBars, ended_by_sigterm, print_json, tell, terminal_width

if TYPE_CHECKING:
    from assistant.answer import Answer, Assistant, Question, Turn
    from assistant.records import Recorder
    from assistant.search import Filters, SearchResult
    from assistant.settings import Settings

LIMIT = 10
BATCH_LIMIT = 50
_CORPUS = Path(__file__).parents[1] / "corpus"
_DONE, _FAULTS = 0, 1


def ingest(options: argparse.Namespace) -> int:
    """Make the index hold what the paths hold, and say what changed."""
    from assistant.index import ingest as make_index_hold
    from assistant.settings import load_settings
    from assistant.terminal import show_ingest

    settings = load_settings()
    paths = options.paths or [_corpus()]
    if options.if_needed and not options.rebuild and _holds_only_others(paths, settings):
        shown = ", ".join(map(str, options.paths)) or "corpus/"
        tell(f"The index holds other guidance than {shown}, and is left as it is.")
        return _DONE
    with closing(ProgressBars()) as bars, ended_by_sigterm():
        try:
            report = make_index_hold(paths, settings, rebuild=options.rebuild, wait=options.wait, progress=bars.show)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                "Stopped; the index is as it was before. What was embedded is kept, so the next ingest goes on from there."
            ) from None
    if options.json:
        print_json(report.as_json())
    else:
        print(show_ingest(report, width=terminal_width(), verbose=options.verbose))
    return _FAULTS if report.failed else _DONE


def ask(options: argparse.Namespace) -> int:
    """Answer one question, a batch of them, or a conversation; each answer is recorded."""
    from assistant.answer import Status

    if options.batch:
        return _ask_batch(options)
    if not options.question and sys.stdin.isatty():
        return _converse(options)
    question = _one_question(options)
    with _open_assistant(options) as assistant:
        given = _tell(assistant, question, options)
    with _recorder() as recorder:  # only now, so that the reader does not wait for a database to be loaded
        recorder.keep(given)
    return _FAULTS if given.status is Status.FAILED else _DONE


def search(options: argparse.Namespace) -> int:
    """Find passages for one question or a batch of them."""
    from assistant.terminal import show_search

    limit = options.limit or (BATCH_LIMIT if options.batch else LIMIT)

    def find(assistant: Assistant, question: Question) -> SearchResult:
        return assistant.search(
            question.question, history=question.history, id=question.id, limit=limit, filters=filters_of(options)
        )

    def failed(question: Question, error: Exception) -> Mapping[str, Any]:
        return {
            "id": question.id,
            "question": question.question,
            "passages": [],
            "timings_ms": {},
            "status": "failed",
            "error": _named(error),
        }

    if options.batch:
        return _run_batch(options, lambda assistant, question: find(assistant, question).model_dump(mode="json"), failed)
    question = _one_question(options)
    with _open_assistant(options) as assistant:
        result = find(assistant, question)
    if options.json:
        print_json(result.model_dump(mode="json"))
    else:
        print(show_search(result, width=terminal_width()))
    return _DONE


def serve(options: argparse.Namespace) -> int:
    """Open the chat in the browser until the user stops it."""
    from assistant.settings import load_settings
    from assistant.web import serve as serve_page

    given = {name: value for name in ("host", "port") if (value := getattr(options, name)) is not None}
    serve_page(load_settings(web=given) if given else load_settings(), open_browser=options.open)
    return _DONE


def doctor(options: argparse.Namespace) -> int:
    """Look the installation over."""
    from assistant.doctor import Finding, Severity, examine
    from assistant.settings import load_settings
    from assistant.terminal import show_findings

    try:
        findings = list(examine(load_settings()))
    except SettingsError as error:
        findings = [Finding("settings", Severity.FAULT, str(error))]
    if options.json:
        print_json([finding.as_json() for finding in findings])
    else:
        print(show_findings(findings, width=terminal_width()))
    return _FAULTS if any(finding.severity is Severity.FAULT for finding in findings) else _DONE


def settings(options: argparse.Namespace) -> int:
    """List the settings."""
    from dataclasses import asdict

    from assistant.settings import list_settings, load_settings
    from assistant.terminal import settings_as_markdown, show_settings

    listed = list_settings(load_settings())
    if options.json:
        print_json([asdict(setting) for setting in listed])
    elif options.markdown:
        print(settings_as_markdown(listed))
    else:
        print(show_settings(listed, width=terminal_width()))
    return _DONE


# what the verbs share


def _corpus() -> Path:
    if not _CORPUS.is_dir():
        raise InputError(
            "The notes that ship with Bernard are not here. Name a folder of guidance: `bernard ingest FOLDER`."
        )
    return _CORPUS


def _holds_only_others(paths: Sequence[Path], settings: Settings) -> bool:
    """True when there is a finished index and nothing in it comes from these paths."""
    from assistant.index.manifest import Manifest

    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        return False
    with closing(Manifest(path)) as manifest:
        roots = [path.resolve() for path in paths]
        ours = any(Path(location).is_relative_to(root) for location in manifest.files() for root in roots)
        return bool(manifest.meta("embedder")) and manifest.count_documents() > 0 and not ours


def _one_question(options: argparse.Namespace) -> Question:
    """The question on the command line, or from standard input when there is none or it is "-"."""
    from assistant.answer import Question
    from assistant.batch import is_text

    if options.out:
        options.parser.error("--out goes with --batch")
    if not options.question and sys.stdin.isatty():
        options.parser.error('give a QUESTION, or "-" to type it on standard input')
    text = " ".join(options.question) if options.question not in ([], ["-"]) else sys.stdin.read()
    if not is_text(text):
        raise InputError("The question is not readable text. Give it as UTF-8.")
    return Question(question=text.strip(), history=_history(options.history))


def _history(path: Path | None) -> tuple[Turn, ...]:
    from assistant.answer import Turn
    from assistant.batch import read_history

    if path is None:
        return ()
    try:
        return tuple(Turn.model_validate(turn) for turn in read_history(json.loads(path.read_text("utf-8"))))
    except OSError as error:
        raise InputError(f"The conversation in {path} cannot be read: {error.strerror or error}.") from None
    except ValueError:
        raise InputError(
            f'The conversation in {path} is not a JSON list of {{"role", "content"}} with the roles user and assistant.'
        ) from None


def _run_batch(
    options: argparse.Namespace,
    work: Callable[[Assistant, Question], Mapping[str, Any]],
    failed: Callable[[Question, Exception], Mapping[str, Any]],
) -> int:
    """Do `work` on every question of a batch; one that breaks becomes a line with status "failed"."""
    from assistant.batch import check_output, read_questions, run_batch

    if options.question:
        options.parser.error("give a QUESTION or --batch, not both")
    if options.history:
        options.parser.error('--history goes with a QUESTION; in a batch each line has its own "history"')
    if not options.out:
        options.parser.error("--batch needs --out, the file for the results")
    questions = read_questions(options.batch)
    check_output(options.batch, options.out)
    faults = 0
    with _open_assistant(options) as assistant:

        def one(question: Question) -> Mapping[str, Any]:
            nonlocal faults
            try:
                line = work(assistant, question)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other questions are still asked
                line = failed(question, error)
            faults += line.get("status") == "failed"
            return line

        run_batch(questions, options.out, work=one)
    if faults:
        tell(f"{faults} of {len(questions)} questions failed; their lines in {options.out} say why.")
    return _FAULTS if faults else _DONE


def _ask_batch(options: argparse.Namespace) -> int:
    """Answer the questions of a file; one that breaks is answered with the status "failed"."""
    from assistant.answer import Answer, Reason, Status

    with _recorder() as recorder:

        def answered(assistant: Assistant, question: Question) -> Mapping[str, Any]:
            return recorded(_answer(assistant, question, options))

        def failed(question: Question, error: Exception) -> Mapping[str, Any]:
            told = f"This question could not be answered because of a fault: {_named(error)}."
            return recorded(
                Answer(
                    id=question.id,
                    question=question.question,
                    standalone_question=question.question,
                    status=Status.FAILED,
                    reason=Reason.INTERNAL_ERROR,
                    text=told,
                )
            )

        def recorded(answer: Answer) -> Mapping[str, Any]:
            recorder.keep(answer)
            return answer.model_dump(mode="json")

        return _run_batch(options, answered, failed)


def _answer(assistant: Assistant, question: Question, options: argparse.Namespace) -> Answer:
    return assistant.ask(question.question, history=question.history, id=question.id, filters=filters_of(options))


def _converse(options: argparse.Namespace) -> int:
    """Ask and answer in the terminal until the user has no more questions."""
    from assistant.answer import Question, Turn
    from assistant.terminal import chosen

    history = list(_history(options.history))
    answer = None
    with _open_assistant(options) as assistant, _recorder() as recorder:
        tell("Ask a question; an empty line ends the conversation.")
        while typed := _prompt():
            question = chosen(typed, answer)
            answer = _tell(assistant, Question(question=question, history=tuple(history)), options)
            recorder.keep(answer)
            history += [Turn(role="user", content=question), Turn(role="assistant", content=answer.text)]
    return _DONE


def _prompt() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


def _open_assistant(options: argparse.Namespace) -> Assistant:
    """The assistant, once it is sure that there is such guidance as was asked for."""
    from assistant.answer import Assistant
    from assistant.search import require_known

    assistant = Assistant.open()
    try:
        if filters := filters_of(options):
            require_known(filters, assistant.index)
    except BaseException:
        assistant.close()
        raise
    return assistant


def _recorder() -> Recorder:
    from assistant.records import Recorder
    from assistant.settings import load_settings

    return Recorder(load_settings(), tell=tell)


def filters_of(options: argparse.Namespace) -> Filters | None:
    """Which guidance was asked for; None for all of it."""
    from assistant.search import Filters

    filters = Filters(
        organisations=tuple(options.organisation),
        document_types=tuple(options.type),
        updated_since=options.updated_since,
        folder=_folder(options.folder),
        current_only=options.current_only,
    )
    return filters or None


def _folder(text: str) -> str:
    """A folder given as seen from the working folder, such as "./rules", as a whole path; names and patterns stay."""
    return str(Path(text).resolve()) if text.split("/", maxsplit=1)[0] in {".", ".."} else text


def _tell(assistant: Assistant, question: Question, options: argparse.Namespace) -> Answer:
    """Print an answer claim by claim, each as soon as it is checked, then the rest; as JSON all at once."""
    from assistant.answer import ClaimShown, Finished
    from assistant.terminal import show_claim, show_rest

    if options.json:
        given = _answer(assistant, question, options)
        print_json(given.model_dump(mode="json"))
        return given
    width = terminal_width()
    filters = filters_of(options)
    for event in assistant.ask_events(question.question, history=question.history, id=question.id, filters=filters):
        if isinstance(event, ClaimShown):
            print(show_claim(event.claim, width=width), end="\n\n", flush=True)
        elif isinstance(event, Finished):
            print(show_rest(event.answer, width=width))
            return event.answer
    raise AssertionError("the last event is the answer")


def _named(error: Exception) -> str:
    return str(error) if isinstance(error, BernardError) else f"{type(error).__name__}: {error}"
