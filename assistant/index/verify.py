"""Compares the parts of an index with each other: manifest, vectors in Chroma, and terms. Changes nothing.

Whatever can be made again from the documents is made again and compared. Knows nothing of the files of guidance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields

from assistant.errors import BernardError, IndexMissing
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.manifest import Manifest
from assistant.index.passages import Passage, embedded_text, split, splitter_fingerprint, vector_id
from assistant.index.reading import Progress
from assistant.index.states import States
from assistant.index.terms import compare_terms
from assistant.index.vectors import SAME_TEXT, VectorStore
from assistant.settings import Settings

_SAMPLE = 32
"""Vectors looked at when it is to be quick, and those searched for."""
_MOST_NAMED = 20
"""Disagreements of one kind that are named; more are counted."""
_AT_ONCE = 2048


def verify(settings: Settings, *, quick: bool = False, progress: Progress | None = None) -> Iterator[str]:
    """Every disagreement found, each as a sentence that names the part and the document.

    Args:
        settings: Where the index is and how it was made.
        quick: Make only some vectors again, not all.
        progress: Told what is being done.

    Raises:
        IndexMissing: There is no index.
    """
    told = progress or (lambda *_: None)
    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    with closing(Manifest(path)) as manifest, manifest.snapshot():
        damage = manifest.damage()
        if damage:
            yield f"The manifest is damaged: {damage}. `bernard ingest --rebuild` with all paths makes it anew."
            return
        if not manifest.state():
            yield "The index was never finished. Run `bernard ingest` again."
            return
        yield from _files(manifest)
        yield from _documents(manifest, settings, told)
        if not States(settings.index_dir).exists(manifest.state()):
            yield f"The folder of the index's state, {settings.index_dir / 'states' / manifest.state()}, is missing."
            return
        yield from _terms(manifest, settings, told)
        try:
            yield from _vectors(manifest, settings, embedder, told, quick=quick)
        except BernardError as error:
            yield f"The vectors cannot be opened: {error}"


def _files(manifest: Manifest) -> Iterator[str]:
    """Each document against what is noted of its file."""
    read = {location for location, record in manifest.files().items() if record.outcome == "indexed"}
    held = {document.location for _, document in manifest.documents()}
    for location in sorted(read - held):
        yield f"{location}: the manifest says that it was indexed, and holds no document."
    for location in sorted(held - read):
        yield f"{location}: the manifest notes no file for this document."


def _documents(manifest: Manifest, settings: Settings, progress: Progress) -> Iterator[str]:
    """Each document against its digest, and each passage against what the document is cut into."""
    rules, ours = manifest.meta("splitter"), splitter_fingerprint(settings.passages)
    if rules != ours:
        yield f"The index was split by other rules ({rules}) than the settings name ({ours}), so passages were not compared."
    listed = list(manifest.documents())
    for number, (key, brief) in enumerate(listed, start=1):
        progress("Comparing documents", number, len(listed))
        try:
            document = manifest.document(key)
            if document is None or document.digest != manifest.document_digest(brief.location):
                raise ValueError
        except (ValueError, TypeError, KeyError, IndexError):
            yield f"{brief.location}: what is kept of this document is not what was read."
            continue
        try:
            kept = [passage for _, passage in manifest.passages(key, text=document.text)]
        except (ValueError, TypeError, IndexError):
            yield f"{brief.location}: its passages cannot be read."
            continue
        vectors = manifest.vectors_of(key)
        if rules == ours:
            due = split(document, settings.passages)
            if len(kept) != len(due):
                yield f"{brief.location}: {len(kept)} passages are kept, and the document has {len(due)}."
            for stated, made in zip(kept, due, strict=False):
                if stated != made:
                    differs = _first_difference(stated, made)
                    yield f"{brief.location}: passage {made.ordinal} is not cut as the document is ({differs})."
        for passage, vector in zip(kept, vectors, strict=True):
            if vector_id(embedded_text(document.title, passage.headings, passage.context, passage.text)) != vector:
                yield f"{brief.location}: passage {passage.ordinal} names the vector of another text."


def _first_difference(stated: Passage, made: Passage) -> str:
    return next(field.name for field in fields(Passage) if getattr(stated, field.name) != getattr(made, field.name))


def _terms(manifest: Manifest, settings: Settings, progress: Progress) -> Iterator[str]:
    """The terms against those made again from the manifest's texts."""
    progress("Comparing terms", 0, 1)
    texts = [text for _, text in manifest.embedded_texts()]
    try:
        wrong = compare_terms(States(settings.index_dir).terms(manifest.state()), texts)
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise on damaged files
        yield f"The terms cannot be loaded ({type(error).__name__}: {error})."
        return
    progress("Comparing terms", 1, 1)
    if wrong.rows != len(texts):
        yield f"The terms are of {wrong.rows:,} passages, and the manifest names {len(texts):,}."
    if wrong.other_texts:
        yield "The terms are of other texts than the manifest's passages."
    places = [f"{location}: passage {ordinal}" for location, ordinal in manifest.places()]
    yield from _named([f"{places[row]} has other terms than its text." for row in wrong.differing if row < len(places)])
    if wrong.damaged and not wrong.differing:
        yield f"The terms' files {', '.join(wrong.damaged)} are not those of the manifest's passages."


def _vectors(
    manifest: Manifest, settings: Settings, embedder: Embedder, progress: Progress, *, quick: bool
) -> Iterator[str]:
    """The vectors against the names that the manifest needs, and against those made again from the texts."""
    if manifest.meta("embedder") != embedder.name:
        yield (
            f"The index was built with the embedding model {manifest.meta('embedder')}, and the settings name "
            f"{embedder.name}, so vectors were not compared."
        )
        return
    folder = States(settings.index_dir).vectors(manifest.state())
    with closing(
        VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.meta("id"), create=False)
    ) as store:
        kept, needed = store.names(), dict(manifest.embedded_texts())
        yield from _named(
            [
                f"Chroma lacks the vector {name[:12]} of the text {needed[name][:80]!r}."
                for name in sorted(needed.keys() - kept)
            ]
        )
        extra = sorted(kept - needed.keys())
        if extra and not settings.chroma.url:  # a server keeps those of the state before, for its readers
            named = ", ".join(name[:12] for name in extra[:5])
            yield f"Chroma holds {len(extra):,} vectors that no passage needs: {named}{', …' if len(extra) > 5 else ''}."
        names = sorted(needed.keys() & kept)
        sample = names[:: max(1, len(names) // _SAMPLE)]
        yield from _named(list(_altered(store, sample if quick else names, needed, embedder, progress)))
        yield from _named(list(_not_found(store, sample, needed)))


def _altered(
    store: VectorStore, names: Sequence[str], texts: dict[str, str], embedder: Embedder, progress: Progress
) -> Iterator[str]:
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("Comparing vectors", done, len(names))

    names = sorted(names, key=lambda name: (len(texts[name]), name))  # similar lengths together: less padding
    for start in range(0, len(names), _AT_ONCE):
        batch = names[start : start + _AT_ONCE]
        kept = store.vectors(batch)
        for name, made in zip(batch, embedder.embed([texts[name] for name in batch], progress=more), strict=True):
            similarity = float(kept[name] @ made) if name in kept else 0.0
            if not similarity >= SAME_TEXT:  # also when it is no number
                yield f"The vector {name[:12]} is not of its text {texts[name][:80]!r} (similarity {similarity:.3f})."


def _not_found(store: VectorStore, names: Sequence[str], texts: dict[str, str]) -> Iterator[str]:
    """Vectors that are kept and that a search by themselves does not bring: Chroma's graph of neighbours has lost them."""
    for name, vector in store.vectors(names).items():
        found = store.nearest(vector, 1)
        if not found or not found[0][1] >= SAME_TEXT:
            yield f"A search does not find the vector {name[:12]} of the text {texts[name][:80]!r}."


def _named(sentences: Sequence[str]) -> Iterator[str]:
    yield from sentences[:_MOST_NAMED]
    if len(sentences) > _MOST_NAMED:
        yield f"The same is so of {len(sentences) - _MOST_NAMED:,} more."
