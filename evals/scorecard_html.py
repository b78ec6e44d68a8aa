"""A scorecard as one page that needs nothing else: no script, no font, no picture from elsewhere. Measures nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from evals.figures import Figure
from evals.plots import forest, reliability_plot, risk_plot
from evals.results import SampleResult
from evals.scorecard import HEADLINES, Scorecard, Table
from evals.scorecard_markdown import with_interval

_STYLE = """
:root { color-scheme: light dark; --ink: #0b0c0c; --soft: #505a5f; --line: #b1b4b6; --blue: #1d70b8; --pale: #f3f2f1;
  --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --soft: #b1b4b6; --line: #505a5f; --blue: #8fc4f2;
  --pale: #2a2d2f; --page: #1a1c1d; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 0 auto; max-width: 66rem;
  padding: 1.5rem; }
h1 { font-size: 2rem; margin: 0 0 .5rem; } h2 { font-size: 1.45rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; } p { max-width: 46rem; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; } caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); font-weight: 400; } .scroll { overflow-x: auto; } svg { max-width: 100%; height: auto; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); max-width: 46rem; }
details { border-left: 4px solid var(--line); padding: .25rem 0 .25rem .9rem; margin: .6rem 0; }
p, li { overflow-wrap: anywhere; }
summary { cursor: pointer; font-weight: 600; } pre { white-space: pre-wrap;
  overflow-wrap: anywhere; background: var(--pale); padding: .75rem;
  font: inherit; font-size: .95rem; margin: .4rem 0; }
a { color: var(--blue); } nav ul { columns: 2; padding-left: 1.2rem; } dt { font-weight: 600; } dd { margin: 0 0 .4rem;
  overflow-wrap: anywhere; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid #ffdd00; }
a:focus-visible, summary:focus-visible { background: #ffdd00; color: #0b0c0c; }
@media (max-width: 40rem) { nav ul { columns: 1; } body { padding: 1rem; } .forest { display: none; }
  th[scope=row] { min-width: 9rem; } td.number { white-space: normal; } }
@media print { :root { --ink: #000; --soft: #333; --line: #999; --blue: #00437b; --pale: #eee; --page: #fff; }
  body { font-size: 10pt; max-width: none; padding: 0; } h2, h3, caption, summary { break-after: avoid; }
  tr, figure, .glance { break-inside: avoid; } .scroll { overflow: visible; } nav { display: none; }
  details::details-content { content-visibility: visible; height: auto; } }
"""


def as_html(card: Scorecard) -> str:
    """The whole page."""
    body = "\n".join((*_opening(card), *(line for name in card.suites for line in _suite(card, name)), *_closing(card)))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Scorecard of Bernard, {escape(card.about.started[:10])}</title><style>{_STYLE}</style></head>"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _opening(card: Scorecard) -> Iterator[str]:
    about = card.about
    most = f" At most {about.limit:,} cases of each set were asked, drawn with seed {about.seed}." if about.limit else ""
    yield "<h1>Scorecard of Bernard</h1>"
    yield (
        f"<p>Measured on {escape(about.started[:10])}. Answers by <strong>{escape(about.model)}</strong>.{most} "
        "Behind every figure stands its 95&nbsp;% interval: what it might be if other documents, or other "
        "responses, of the same sort had been asked about. Where two intervals overlap widely, no difference was shown.</p>"
    )
    yield from _glance(card)
    yield '<nav aria-label="Suites"><ul>'
    for name, asks in card.suites.items():
        yield f'<li><a href="#{escape(name)}">{escape(name)}</a>: {escape(asks)}</li>'
    yield '<li><a href="#left-out">What was left out, and why</a></li><li><a href="#run">How it was run</a></li></ul></nav>'


def _glance(card: Scorecard) -> Iterator[str]:
    """The figures that a reader wants first, whatever suites they are of."""
    held = {key: [one for one in card.figures if (one.suite, one.name) == key and not one.kind] for key in HEADLINES}
    rows = [
        f'<tr><th scope="row"><a href="#{escape(one.suite)}">{escape(one.title)}</a>{_way(one)} '
        f'<span class="soft">on {escape(one.set)}</span></th><td class="number">{escape(with_interval(one))}</td>'
        f'<td class="number">{one.n:,}</td></tr>'
        for figures in held.values()
        for one in figures
        if not math.isnan(one.value.mean)
    ]
    if rows:
        head = "<th scope=col>figure</th><th scope=col class=number>value</th>"
        yield (
            '<div class="scroll glance" tabindex="0" role="region" aria-label="At a glance"><table><caption>At a glance'
            f"</caption><thead><tr>{head}<th scope=col class=number>cases</th></tr></thead><tbody>{''.join(rows)}</tbody>"
            "</table></div>"
        )


def _way(figure: Figure) -> str:
    return ' <span class="soft">(lower is better)</span>' if figure.better == "low" else ""


def _suite(card: Scorecard, name: str) -> Iterator[str]:
    figures = [figure for figure in card.figures if figure.suite == name]
    yield f'<section aria-labelledby="{escape(name)}"><h2 id="{escape(name)}">{escape(name.capitalize())}</h2>'
    yield f"<p>{escape(card.suites[name])}</p>"
    sets = list(dict.fromkeys(figure.set for figure in figures))
    for set_name in sets:
        of_set = [figure for figure in figures if figure.set == set_name and not figure.kind]
        yield f"<h3>Set: {escape(set_name)}</h3>"
        shares = [one for one in of_set if one.unit == "share" and not math.isnan(one.value.mean)]
        if shares:
            yield forest(shares, label=f"{name} on {set_name}")
        yield _table(of_set, caption=f"{name} on {set_name}", explained=set_name == sets[0])
        for plot in card.plots:
            if (plot.suite, plot.set) == (name, set_name):
                yield risk_plot(plot) if plot.kind == "risk" else reliability_plot(plot)
        for table in card.tables:
            if (table.suite, table.set) == (name, set_name) and table.cells:
                yield _confusion(table, card.about.epochs)
        by_kind = [figure for figure in figures if figure.set == set_name and figure.kind]
        if by_kind:
            yield f"<details><summary>{escape(name)} on {escape(set_name)}, by kind of case</summary>"
            caption = f"{name} on {set_name}, by kind of case; few cases make wide intervals"
            yield _table(by_kind, caption=caption, kinds=True) + "</details>"
    worst = [result for result in card.worst if result.suite == name]
    if worst:
        yield "<h3>Worst cases</h3>"
        nowhere = {(one.set, one.id): one.evidence for one in card.about.astray}
        yield from (_case(one, nowhere.get((one.set, one.id), ())) for one in worst)
    yield "</section>"


def _table(figures: Sequence[Figure], *, caption: str, kinds: bool = False, explained: bool = False) -> str:
    """A table of figures; `explained` says under each what it means, which the first set of a suite does for all."""
    head = f"{'<th scope=col>kind</th>' if kinds else ''}<th scope=col>figure</th><th scope=col class=number>value</th>"
    drawn = next((figure.drawn for figure in figures), "documents")
    head += f"<th scope=col class=number>cases</th><th scope=col class=number>{escape(drawn)}</th>"
    rows = []
    for figure in figures:
        told = f'<br><span class="soft">{escape(figure.meaning)}</span>' if explained else ""
        if figure.undefined and not kinds:
            told += "" if explained else "<br>"
            told += f' <span class="soft">It does not concern {figure.undefined:,} other cases.</span>'
        kind = f"<td>{escape(figure.kind)}</td>" if kinds else ""
        rows.append(
            f'<tr>{kind}<th scope="row">{escape(figure.title)}{_way(figure)}{told}</th>'
            f'<td class="number">{escape(with_interval(figure))}</td><td class="number">{figure.n:,}</td>'
            f'<td class="number">{figure.clusters:,}</td></tr>'
        )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _confusion(table: Table, epochs: int) -> str:
    expected = sorted({cell.expected for cell in table.cells})
    got = sorted({cell.got for cell in table.cells})
    counts = {(cell.expected, cell.got): cell.count for cell in table.cells}
    head = "".join(f'<th scope="col" class="number">{escape(name)}</th>' for name in got)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="number">{counts.get((name, other), 0):,}</td>' for other in got)
        + "</tr>"
        for name in expected
    )
    often = f"; each case was asked {epochs} times" if epochs > 1 else ""
    caption = f"{table.suite} on {table.set}: what was due (rows) and how it ended (columns){often}"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}'
        f"</caption><thead><tr><td class='soft'>due ↓, ended →</td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _case(result: SampleResult, nowhere: Sequence[str]) -> str:
    """One case; what the question names as evidence and no document holds is not told as what the guidance says."""
    due = _listed("What the guidance says of it:", [one for one in result.evidence if one not in nowhere])
    due += _listed(
        "What the question names as evidence, which stands in no document of the index:",
        [one for one in result.evidence if one in nowhere],
    )
    return (
        f"<details><summary>{escape(_short(result.question))}</summary>"
        f'<p class="soft">{escape(result.set)}, {escape(result.id)}{", " + escape(result.kind) if result.kind else ""}</p>'
        f"<p><strong>{escape(_sentence(result.why))}</strong></p>"
        f"<p>Question: {escape(result.question)}</p><p>What was shown:</p><pre>{escape(result.shown)}</pre>{due}</details>"
    )


def _listed(heading: str, texts: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in texts)
    return f"<p>{heading}</p><ul>{items}</ul>" if items else ""


def _short(text: str, *, most: int = 110) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else f"{one_line[:most].rsplit(' ', 1)[0]} …"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _closing(card: Scorecard) -> Iterator[str]:
    yield '<section aria-labelledby="left-out"><h2 id="left-out">What was left out, and why</h2>'
    if card.about.left_out:
        yield "<ul>"
        for left in card.about.left_out:
            count = "the whole set" if left.count is None else f"{left.count:,} cases"
            yield f"<li>{escape(left.suite)}, {escape(left.set)}: {count}, because {escape(left.reason)}.</li>"
        yield "</ul>"
    else:
        yield "<p>Nothing: every case of every set was asked.</p>"
    if card.about.astray:
        yield (
            f"<p>{len(card.about.astray):,} questions were asked that name evidence which stands in no document of the "
            "index. They count as not found, whatever is answered:</p><ul>"
        )
        for one in card.about.astray:
            yield f"<li>{escape(one.set)}, {escape(one.place)}: {escape(' … '.join(map(_short, one.evidence)))}</li>"
        yield "</ul>"
    yield '</section><section aria-labelledby="run"><h2 id="run">How it was run</h2><dl>'
    about = card.about
    told = {
        "Command": about.command,
        "Started": about.started,
        "Gone on with": "; ".join(
            f"{one.started} (commit {one.commit or 'unknown'}): {one.command}" for one in about.resumed
        ),
        "Commit": about.commit or "unknown",
        "Suites": ", ".join(about.suites),
        "Limit, seed, epochs": f"{about.limit or 'none'}, {about.seed}, {about.epochs}",
        "Settings that differ from the defaults": ", ".join(f"{k} = {v}" for k, v in about.settings.items()) or "none",
        "Indexes": ", ".join(f"{name} {digest}" for name, digest in about.indexes.items()),
        "Machine": ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in about.machine.items()),
        "Versions": ", ".join(f"{name} {version}" for name, version in about.versions.items()),
        "Seconds": ", ".join(f"{name} {seconds:,.0f}" for name, seconds in about.seconds.items()),
        "Peak memory": f"{about.peak_mib:,.0f} MiB",
    }
    if not about.resumed:
        del told["Gone on with"]
    for name, value in told.items():
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl></section>"
