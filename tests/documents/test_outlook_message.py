"""What a message saved by Outlook is read as; `msg_maker` writes the messages and shares no code with the reader."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.compressed_rtf import unpack_rtf
from assistant.documents.email_message import EmlReader
from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.outlook_message import MsgReader
from assistant.documents.reader import Container, File
from assistant.errors import BernardError, SkippedDocument, UnreadableDocument
from tests.documents.cfb_maker import make_compound_file
from tests.documents.msg_maker import OLE, Attached, Msg, make_msg, uncompressed_rich_text
from tests.documents.reading import assert_sound, introduction, quotes

BODY = "Dear all,\r\n\r\nSound the signal.\r\n"


def a_file(data: bytes, name: str = "fog.msg") -> File:
    return File(Path("/guidance") / name, f"guidance/{name}", data)


def read(message: Msg) -> Document:
    document = MsgReader().read(a_file(make_msg(message)))
    assert_sound(document)
    return document


def enclosed(message: Msg) -> list[File]:
    return list(MsgReader().enclosed(a_file(make_msg(message))))


def test_a_message_says_who_wrote_it_to_whom_and_when() -> None:
    document = read(Msg(body=BODY, to=[("Ann Lee", "ann@x.example"), ("Bob", "")], copies=[("Col", "col@x.example")]))

    assert (document.title, document.updated, document.reader) == ("Fog signals", dt.date(2026, 3, 3), "msg")
    assert quotes(document) == [
        "From: Smith, Jo <jo@lights.example>",
        "To: Ann Lee <ann@x.example>; Bob",
        "Copied to: Col <col@x.example>",
        "Sent: 3 March 2026, 10:00",
        "Dear all,",
        "Sound the signal.",
    ]


def test_an_address_in_exchanges_own_directory_is_left_out() -> None:
    assert quotes(read(Msg(body=BODY, sender=("Smith, Jo", ""))))[0] == "From: Smith, Jo"


def test_a_time_in_summer_is_the_time_in_london() -> None:
    document = read(Msg(body=BODY, sent=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)))

    assert document.updated == dt.date(2026, 7, 1)
    assert "Sent: 1 July 2026, 00:30" in quotes(document)


@pytest.mark.parametrize(("codepage", "declared"), [(1252, 1252), (65001, 65001), (1252, 0), (65001, 0), (1252, 99999)])
def test_html_is_preferred_whatever_its_encoding(codepage: int, declared: int) -> None:
    html = "<p>You may claim £10 for:</p><ul><li>a café meal</li></ul>".encode(f"cp{codepage}")

    document = read(Msg(body="You may claim for: a meal", html=html, internet_codepage=declared))

    assert quotes(document, BlockKind.LIST_ITEM) == ["a café meal"]
    assert introduction(document, "a café meal") == "You may claim £10 for:"


def test_a_message_in_an_old_code_page_is_read() -> None:
    document = read(Msg(subject="Café – rules", body="It costs £10.", codepage=1252))

    assert (document.title, quotes(document)[-1]) == ("Café – rules", "It costs £10.")


def test_rich_text_is_read_where_it_is_the_only_text() -> None:
    rich = rb"{\rtf1\ansi Sound the signal.\par Then answer.\par}"

    assert quotes(read(Msg(rich=uncompressed_rich_text(rich))))[-2:] == ["Sound the signal.", "Then answer."]


@pytest.mark.parametrize(
    ("packed", "text"),
    [  # the examples of [MS-OXRTFCP], sections 3.1 and 3.2
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_packed_rich_text_is_unpacked_as_its_specification_shows(packed: str, text: bytes) -> None:
    assert unpack_rtf(bytes.fromhex(packed)) == text


@given(st.binary(max_size=300))
def test_noise_is_unpacked_to_something_or_nothing(noise: bytes) -> None:
    unpack_rtf(b"\xff\xff\0\0\0\0\0\0LZFu\0\0\0\0" + noise)
    unpack_rtf(noise)


INNER = Msg(
    subject="Inner: answer",
    body="Yes – you may.\r\n",
    copies=[("Éa, Col", "col@x.example")],
    attached=[Attached("rules.md", b"# Rules\n"), Attached("", Msg(subject="Innermost", html=b"<p>Deep.</p>"))],
)
OUTER = Msg(
    body=BODY,
    attached=[
        Attached("..\\..\\report.md", b"# Report\n" + b"word " * 2000),
        Attached("report.md", b"# Another\n"),
        Attached("plan", b"%PDF-", media_type="application/pdf"),
        Attached("", INNER),
        Attached("image001.png", b"PNG", shown_in_text=True),
        Attached("Drawing", b"x", method=OLE),
        Attached("empty.docx", b""),
        Attached("smime.p7s", b"signature"),
    ],
)


def test_attachments_get_safe_names_and_pictures_and_signatures_stay_out() -> None:
    assert [file.path.name for file in enclosed(OUTER)] == ["report.md", "report (2).md", "plan.pdf", "Inner_ answer.eml"]
    assert enclosed(OUTER)[0].data == b"# Report\n" + b"word " * 2000
    assert enclosed(OUTER)[0].relative == "guidance/fog.msg/report.md"
    assert read(OUTER).left_out == (LeftOut("embedded objects", 1), LeftOut("pictures", 1))
    assert isinstance(MsgReader(), Container)


def test_a_message_within_a_message_keeps_its_people_text_and_attachments() -> None:
    inner = enclosed(OUTER)[-1]

    document = EmlReader().read(inner)
    below = list(EmlReader().enclosed(inner))

    assert document.title == "Inner: answer"
    assert quotes(document) == [
        "From: Smith, Jo <jo@lights.example>",
        "To: Ann Lee <ann@lights.example>",
        "Copied to: Éa, Col <col@x.example>",
        "Sent: 3 March 2026, 10:00",
        "Yes – you may.",
    ]
    assert (below[0].path.name, below[0].data[:7]) == ("rules.md", b"# Rules")
    assert quotes(EmlReader().read(below[1]))[-1] == "Deep."


def test_messages_without_end_are_left_out() -> None:
    deep = Msg(body=BODY)
    for _ in range(15):
        deep = Msg(body=BODY, attached=[Attached("", deep)])

    assert len(enclosed(deep)) == 1


def test_a_message_without_text_says_that_its_attachments_are_read() -> None:
    with pytest.raises(SkippedDocument, match=r"no text of its own; its 2 attachments are read"):
        read(Msg(attached=[Attached("a.md", b"a"), Attached("b.md", b"b")]))
    with pytest.raises(SkippedDocument, match="no text and no attachments"):
        read(Msg(body=" \r\n"))


@pytest.mark.parametrize(
    "message",
    [
        Msg(kind="IPM.Note.SMIME", attached=[Attached("smime.p7m", b"x")]),
        Msg(body=BODY, attached=[Attached("message.rpmsg", b"x")]),
        Msg(body="-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP MESSAGE-----\r\n"),
    ],
)
def test_an_encrypted_message_says_so(message: Msg) -> None:
    with pytest.raises(UnreadableDocument, match="is encrypted, so that only its recipients can read it"):
        read(message)


def test_a_message_that_is_signed_as_a_whole_is_read() -> None:
    signed = (
        b"Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSound the signal.\n"
        b"--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB\n--b--\n"
    )

    document = read(Msg(kind="IPM.Note.SMIME.MultipartSigned", attached=[Attached("smime.p7m", signed)]))

    assert quotes(document)[-1] == "Sound the signal."


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.95])
def test_a_message_cut_short_is_refused(kept: float) -> None:
    data = make_msg(OUTER)

    with pytest.raises(UnreadableDocument, match="cut short"):
        MsgReader().read(a_file(data[: int(kept * len(data))]))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"From: a@b\n\nWords.\n", "not an Outlook message"),
        (bytes(range(256)) * 8, "not an Outlook message"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "fog.msg is "),
        (make_compound_file({"WordDocument": b"words" * 100}), "another kind of Office file"),
    ],
)
def test_what_is_no_message_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        MsgReader().read(a_file(data))


WHOLE = make_msg(OUTER)


@settings(max_examples=150, deadline=None)
@given(kept=st.floats(0, 1), damage=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=30))
def test_damage_never_ends_in_another_error(kept: float, damage: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in damage:
        data[place] = value
    file = a_file(bytes(data[: int(kept * len(data))]) if kept < 0.5 else bytes(data))
    for use in (MsgReader().read, MsgReader().enclosed):
        try:
            found = use(file)
        except BernardError:
            continue
        if isinstance(found, Document):
            assert_sound(found)
