"""Bars that Word itself draws: a chart part with its figures in a workbook beside it, so that they can be edited.

The format is that of ECMA-376, part 1, 21.2. Knows nothing of what the figures mean.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm, Length
from docx.text.paragraph import Paragraph

from assistant.exports.reporting import Bars, Series
from assistant.exports.text import one_line

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAMES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_BAR, _HEAD = Cm(0.85), Cm(2.4)
_TALLEST = Cm(22)


def add_chart(paragraph: Paragraph, bars: Bars, *, number: int, width: Length) -> None:
    """Put a chart into a paragraph.

    Args:
        paragraph: Where it goes.
        bars: What it shows.
        number: Of the chart in the document, from 1.
        width: Of the chart.
    """
    document = paragraph.part
    package = document.package
    assert package is not None
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, b"", package)
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _WORKBOOK, _figures(bars), package)
    chart._blob = _xml(bars, chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)).encode()
    relation = document.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    height = min(_TALLEST, _HEAD + _BAR * max(1, len(bars.labels)))
    paragraph.add_run()._r.append(
        parse_xml(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            f'{_NAMES}><wp:inline><wp:extent cx="{int(width)}" cy="{int(height)}"/>'
            f"<wp:docPr id={quoteattr(str(1000 + number))} name={quoteattr(f'Chart {number}')} "
            f"title={quoteattr(one_line(bars.title))} descr={quoteattr(one_line(bars.alternative))}/>"
            "<wp:cNvGraphicFramePr/><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
        )
    )


def _xml(bars: Bars, workbook: str) -> str:
    stacked = len(bars.series) > 1
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_NAMES}><c:roundedCorners val="0"/><c:chart>'
        '<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r><a:rPr lang="en-GB" '
        f'sz="1100" b="1"><a:latin typeface="Arial"/></a:rPr><a:t>{escape(one_line(bars.title))}</a:t></a:r></a:p></c:rich>'
        '</c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>'
        f"{''.join(_series(bars, at, one) for at, one in enumerate(bars.series))}"
        f'<c:gapWidth val="60"/>{"<c:overlap val=" + chr(34) + "100" + chr(34) + "/>" if stacked else ""}'
        '<c:axId val="111"/><c:axId val="222"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_letters()}<c:crossAx val="222"/>'
        '<c:crosses val="autoZero"/>'
        '<c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill>'
        f'</a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode={quoteattr(bars.number_format)} sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_letters()}'
        f'<c:crossAx val="111"/><c:crosses val="max"/><c:majorUnit val="{_step(bars):g}"/></c:valAx></c:plotArea>'
        f'{_legend() if stacked else ""}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _step(bars: Bars) -> float:
    """A round distance between the marks of the axis, so that there are about six."""
    ends = [*(sum(values) for values in zip(*(one.values for one in bars.series), strict=True))]
    most = max([*ends, *(high for one in bars.series for high in one.high)], default=0.0) or 1.0
    rough = most / 6
    size = 10.0 ** math.floor(math.log10(rough))
    return next(factor * size for factor in (1, 2, 5, 10) if factor * size >= rough)


def _series(bars: Bars, at: int, one: Series) -> str:
    last, column = len(bars.labels) + 1, chr(ord("B") + at)
    stacked = len(bars.series) > 1
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>Figures!${column}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(one_line(one.name))}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{one.colour}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"{'' if stacked else _values_shown(bars)}{_errors(one)}"
        f"<c:cat><c:strRef><c:f>Figures!$A$2:$A${last}</c:f><c:strCache>"
        f"{_points([escape(one_line(label)) for label in bars.labels])}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Figures!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f"{_points([f'{value:.6g}' for value in one.values])}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _values_shown(bars: Bars) -> str:
    return (
        f'<c:dLbls><c:numFmt formatCode={quoteattr(bars.number_format)} sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
        '<a:latin typeface="Arial"/></a:defRPr>'
        '</a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr><c:dLblPos val="inBase"/><c:showLegendKey val="0"/>'
        '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )


def _errors(one: Series) -> str:
    """The interval of each value, as lengths beyond it and below it."""
    if not one.low:
        return ""
    above = [f"{high - value:.6g}" for value, high in zip(one.values, one.high, strict=True)]
    below = [f"{value - low:.6g}" for value, low in zip(one.values, one.low, strict=True)]
    sides = "".join(
        f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode>{_points(values)}</c:numLit></c:{side}>"
        for side, values in (("plus", above), ("minus", below))
    )
    return (
        '<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f'{sides}<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="0B0C0C"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )


def _points(values: Sequence[str]) -> str:
    numbered: Iterator[str] = (f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{"".join(numbered)}'


def _letters() -> str:
    return (
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="0B0C0C"/></a:solidFill>'
        '<a:latin typeface="Arial"/></a:defRPr>'
        '</a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def _legend() -> str:
    return f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_letters()}</c:legend>'


def _figures(bars: Bars) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Figures")
        sheet.write_row(0, 1, [one_line(one.name) for one in bars.series])
        for row, label in enumerate(bars.labels, start=1):
            sheet.write_string(row, 0, one_line(label))
            for column, one in enumerate(bars.series, start=1):
                sheet.write_number(row, column, one.values[row - 1])
    return out.getvalue()
