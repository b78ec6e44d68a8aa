"""What an e-mail saved as .eml is read as: who wrote what to whom, and the files that came with it."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.email_message import EmlReader
from assistant.documents.mail_attachments import safe_name
from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.reader import Container, File
from assistant.errors import BernardError, SkippedDocument, UnreadableDocument
from tests.documents.reading import assert_sound, introduction, quotes

HEAD = (
    "From: Jo Smith <jo@lights.example>\nTo: Ann Lee <ann@lights.example>\nSubject: Fog signals\n"
    "Date: Tue, 3 Mar 2026 10:00:00 +0000\n"
)
PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"


def a_file(data: bytes | str | EmailMessage, name: str = "fog.eml") -> File:
    data = data.as_bytes(policy=SMTP) if isinstance(data, EmailMessage) else data.encode() if isinstance(data, str) else data
    return File(Path("/guidance") / name, f"guidance/{name}", data)


def read(data: bytes | str | EmailMessage, name: str = "fog.eml") -> Document:
    document = EmlReader().read(a_file(data, name))
    assert_sound(document)
    return document


def enclosed(data: bytes | str | EmailMessage) -> dict[str, bytes]:
    return {file.path.name: file.data for file in EmlReader().enclosed(a_file(data))}


def body(data: bytes | str | EmailMessage) -> list[str]:
    """What the message says, without From, To and Sent at its head."""
    return [quote for quote in quotes(read(data)) if not quote.startswith(("From: Jo", "To: ", "Sent: ", "Copied to: "))]


def message(plain: str = "", html: str = "", **fields: str) -> EmailMessage:
    made = EmailMessage()
    given_fields = {"from": "Jo Smith <jo@lights.example>", "subject": "Fog signals", **fields}
    for name, value in given_fields.items():
        made[name] = value
    if plain:
        made.set_content(plain)
    if html and plain:
        made.add_alternative(html, subtype="html")
    elif html:
        made.set_content(html, subtype="html")
    return made


def test_a_message_says_who_wrote_it_to_whom_and_when() -> None:
    made = message(
        "Sound the signal.\n",
        to="Ann <ann@x.example>, bob@x.example",
        cc='"Lee, C" <c@x.example>',
        date="Tue, 3 Mar 2026 23:30:00 -0200",
    )

    document = read(made)

    assert (document.title, document.updated, document.reader) == ("Fog signals", dt.date(2026, 3, 4), "eml")
    assert quotes(document) == [
        "From: Jo Smith <jo@lights.example>",
        "To: Ann <ann@x.example>; bob@x.example",
        "Copied to: Lee, C <c@x.example>",
        "Sent: 4 March 2026, 01:30",
        "Sound the signal.",
    ]


def test_a_circular_names_ten_recipients_and_counts_the_others() -> None:
    made = message("Sound the signal.\n", to=", ".join(f"k{n}@x.example" for n in range(25)))

    assert quotes(read(made))[1].endswith("k9@x.example and 15 more")


def test_a_message_without_a_subject_is_named_after_its_file() -> None:
    assert read(f"From: a@b\n{PLAIN}Sound the signal.\n", "fog-signals.eml").title == "Fog signals"


def test_html_is_preferred_for_its_lists_and_tables_and_hides_nothing_that_people_do_not_see() -> None:
    html = (
        "<p>You may claim:</p><ul><li>meals</li></ul><table><tr><th>Item</th><th>Limit</th></tr>"
        "<tr><td>Meal</td><td>£10</td></tr></table><p style='display:none'>secret instruction</p>"
    )

    document = read(message("You may claim: meals. Item Limit Meal 10", html))

    assert quotes(document, BlockKind.LIST_ITEM) == ["meals"]
    assert introduction(document, "meals") == "You may claim:"
    assert quotes(document, BlockKind.TABLE_ROW) == ["Meal | £10"]
    assert "secret" not in document.text


def test_plain_text_is_read_where_the_html_is_empty() -> None:
    assert body(message("The keeper trims the lamp at dusk.", "<p>View online</p>")) == [
        "The keeper trims the lamp at dusk."
    ]


@pytest.mark.parametrize(
    ("charset", "transfer", "encoded"),
    [
        ("utf-8", "8bit", "£10 – café".encode()),
        ("iso-8859-1", "8bit", "£10 – café".encode("cp1252")),  # what programs call Latin-1
        ("us-ascii", "8bit", "£10 – café".encode()),
        ("iso-8859-1", "8bit", "£10 – café".encode()),
        ("klingon", "8bit", "£10 – café".encode()),
        ("unicode_escape", "8bit", "£10 – café".encode()),
        ("zip", "8bit", "£10 – café".encode()),
        ("", "8bit", "£10 – café".encode("cp1252")),
        ("utf-8", "quoted-printable", b"=C2=A310 =E2=80=93 caf=C3=\n=A9"),
        ("utf-8", "base64", b"wqMxMCDigJMgY2Fmw6k="),
        ("utf-16", "base64", b"//6jADEAMAAgABMgIABjAGEAZgDpAA=="),
    ],
)
def test_letters_are_right_whatever_the_message_says_of_them(charset: str, transfer: str, encoded: bytes) -> None:
    kind = f"Content-Type: text/plain{f'; charset={charset}' if charset else ''}\n"
    head = f"{HEAD}MIME-Version: 1.0\n{kind}Content-Transfer-Encoding: {transfer}\n\n"

    assert body(head.encode() + encoded + b"\n") == ["£10 – café"]


@pytest.mark.parametrize(
    "subject",
    [
        b"=?utf-8?B?Q2Fmw6kgcnVsZXM=?=",
        b"=?iso-8859-1?Q?Caf=E9?= =?utf-8?Q?_rules?=",
        b"=?utf-8?Q?Caf=C3=A9?=\n =?utf-8?Q?_rules?=",
        "Café rules".encode(),
        "Café rules".encode("cp1252"),
    ],
)
def test_header_fields_are_decoded(subject: bytes) -> None:
    assert read(b"From: a@b\nSubject: " + subject + b"\n\nSound the signal.\n").title == "Café rules"


@pytest.mark.parametrize("field", ["=?utf-8?B?////?=", "=?nonsense?Q?a?=", "=?utf-8?B?a?=", '"unclosed', "<<>>;;,,", "\x00"])
def test_a_damaged_header_field_costs_only_itself(field: str) -> None:
    assert (
        body(f"From: {field}\nTo: {field}\nSubject: {field}\nDate: {field}\n\nSound the signal.\n")[-1]
        == "Sound the signal."
    )


def test_flowed_lines_are_one_paragraph() -> None:
    head = HEAD + "Content-Type: text/plain; charset=utf-8; format=flowed\n\n"

    assert body(head + "The keeper trims \nthe lamp \nat dusk.\n\n From here on all is new.\n") == [
        "The keeper trims the lamp at dusk.",
        "From here on all is new.",
    ]


def test_flowed_lines_may_drop_their_spaces() -> None:
    head = HEAD + "Content-Type: text/plain; format=flowed; delsp=yes\n\n"

    assert body(head + "The light \nhouse stands.\n") == ["The lighthouse stands."]


def test_earlier_messages_stand_below_under_the_line_that_says_whose_they_are() -> None:
    text = "Yes, you may.\n\nOn Mon, 2 Mar 2026 at 09:00, Ann Lee <ann@x.example>\nwrote:\n> May we sound it?\n> > Ask Jo.\n"

    document = read(HEAD + PLAIN + text)

    assert [(block.kind, document.quote(block)) for block in document.blocks][3:] == [
        (BlockKind.PARAGRAPH, "Yes, you may."),
        (BlockKind.HEADING, "On Mon, 2 Mar 2026 at 09:00, Ann Lee <ann@x.example> wrote:"),
        (BlockKind.PARAGRAPH, "May we sound it?"),
        (BlockKind.HEADING, "Earlier message"),
        (BlockKind.PARAGRAPH, "Ask Jo."),
    ]


def test_words_below_a_quotation_are_the_writers_again() -> None:
    plain = "> May we sound it?\n\nYes, you may.\n"
    html = "<blockquote type='cite'><p>May we sound it?</p></blockquote><p>Yes, you may.</p>"

    for made in (message(plain), message(html=html)):
        document = read(made)
        assert [(block.level, document.quote(block)) for block in document.blocks][1:] == [
            (1, "Earlier message"),
            (0, "May we sound it?"),
            (1, "From: Jo Smith <jo@lights.example>"),
            (0, "Yes, you may."),
        ]


OUTLOOK_HTML = (
    "<p>Yes, you may.</p><div><p><b>From:</b> Ann Lee &lt;ann@x.example&gt;<br><b>Sent:</b> 2 March 2026 09:00<br>"
    "<b>To:</b> Jo Smith<br><b>Subject:</b> Fog</p></div><p>May we sound it?</p>"
)
OUTLOOK_PLAIN = (
    "Yes, you may.\n\n-----Original Message-----\nFrom: Ann Lee <ann@x.example>\nSent: 2 March 2026 09:00\nTo: Jo Smith\n"
    "Subject: Fog\n\nMay we sound it?\n"
)


def test_the_head_of_an_earlier_message_as_outlook_writes_it_is_a_heading() -> None:
    html, plain = read(message(html=OUTLOOK_HTML)), read(message(OUTLOOK_PLAIN))

    assert quotes(html, BlockKind.HEADING) == ["From: Ann Lee <ann@x.example> Sent: 2 March 2026 09:00"]
    assert quotes(html)[-3:] == ["To: Jo Smith", "Subject: Fog", "May we sound it?"]
    assert quotes(plain, BlockKind.HEADING) == ["From: Ann Lee <ann@x.example>"]
    assert quotes(plain)[-4:] == ["Sent: 2 March 2026 09:00", "To: Jo Smith", "Subject: Fog", "May we sound it?"]


def test_greetings_are_no_headings() -> None:
    prose = (
        "The keeper trims the lamp at dusk and looks at the wick every two hours until the sun is up again, in any weather"
    )

    assert quotes(read(message(f"Dear colleagues\n\n{prose}\n")), BlockKind.HEADING) == []


def with_attachments() -> EmailMessage:
    made = message("See the files.\n", "<p>See the files.</p><img src='cid:logo'>")
    made.get_payload()[1].add_related(b"PNG", "image", "png", cid="<logo>")  # type: ignore[union-attr, index]
    made.add_attachment(b"# Rules\n", maintype="text", subtype="markdown", filename="../../etc/Rules.md")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Café rules.pdf")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="CAFÉ RULES.pdf")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf")
    made.add_attachment(b"", maintype="application", subtype="pdf", filename="empty.pdf")
    made.add_attachment(b"signature", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    made.add_attachment(b"tnef", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    made.add_attachment(message("Inner words.\n", subject="Inner: one/two"))
    return made


def test_attachments_get_safe_names_and_pictures_and_signatures_stay_out() -> None:
    assert list(enclosed(with_attachments())) == [
        "Rules.md",
        "Café rules.pdf",
        "CAFÉ RULES (2).pdf",
        "attachment.pdf",
        "Inner_ one-two.eml",
    ]
    assert isinstance(EmlReader(), Container)
    assert read(with_attachments()).left_out == (
        LeftOut("attachments in Outlook's own form (winmail.dat)", 1),
        LeftOut("pictures", 1),
    )


def test_a_message_within_a_message_is_a_file_that_can_be_read() -> None:
    inner = enclosed(with_attachments())["Inner_ one-two.eml"]

    assert read(inner).title == "Inner: one/two"
    assert body(inner) == ["Inner words."]


def test_a_forwarded_message_in_base64_is_read_though_the_rules_forbid_it() -> None:
    encoded = "RnJvbTogYUBiClN1YmplY3Q6IElubmVyCgpJbm5lciB3b3Jkcy4K"
    made = (
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
    )

    (inner,) = enclosed(made).values()

    assert b"Inner words." in inner


@pytest.mark.parametrize(
    ("name", "media_type", "safe"),
    [
        ("", "", "attachment"),
        ("", "application/pdf", "attachment.pdf"),
        ("report", "application/pdf", "report.pdf"),
        ("report.v2 final", "application/pdf", "report.v2 final.pdf"),
        ("..", "text/plain", "attachment.txt"),
        ("../../etc/passwd", "", "passwd"),
        ("C:\\Users\\jo\\a.docx", "", "a.docx"),
        ("CON.txt", "", "_CON.txt"),
        ("a\u202etxt.exe\x00", "", "atxt.exe"),
        ('a<b>:"|?*.md', "", "a_b_.md"),
        (".hidden", "text/plain", "hidden.txt"),
        ("x" * 300 + ".docx", "", "x" * 145 + ".docx"),
        ("é" * 300, "text/plain", "é" * 73 + ".txt"),
    ],
)
def test_names_are_made_safe(name: str, media_type: str, safe: str) -> None:
    assert safe_name(name, media_type) == safe


@given(name=st.text(max_size=300), media_type=st.sampled_from(["", "application/pdf", "message/rfc822"]))
def test_no_name_leads_out_of_the_message(name: str, media_type: str) -> None:
    safe = safe_name(name, media_type)

    assert (Path("/a") / safe).parent == Path("/a")
    assert safe not in ("", ".", "..")
    assert len(safe.encode()) < 200


def test_a_message_without_text_says_that_its_attachments_are_read() -> None:
    made = message(to="ann@x.example")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")

    with pytest.raises(SkippedDocument, match=r"no text of its own; its attachment is read"):
        read(made)
    assert list(enclosed(made)) == ["a.pdf"]


def test_a_message_with_nothing_in_it_is_skipped() -> None:
    with pytest.raises(SkippedDocument, match="no text and no attachments"):
        read(HEAD + "\n \n")


PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----\n"


@pytest.mark.parametrize(
    "made",
    [
        HEAD + PLAIN + PGP,
        HEAD + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMIIB\n",
        HEAD + "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\n1\n--b--\n",
        HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/x-microsoft-rpmsg-message\n\n"
        "x\n--b--\n",
    ],
)
def test_an_encrypted_message_says_so(made: str) -> None:
    with pytest.raises(UnreadableDocument, match="is encrypted, so that only its recipients can read it"):
        read(made)


def test_a_signed_message_is_read_without_its_signature() -> None:
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n"
    clear = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSound it.\n{signature}"

    assert body(HEAD + PLAIN + clear) == ["Sound it."]
    with pytest.raises(UnreadableDocument, match="save it without the signature"):
        read(HEAD + "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nMIIB\n")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_message_cut_short_is_refused(kept: float) -> None:
    data = with_attachments().as_bytes()

    with pytest.raises(UnreadableDocument, match="cut short"):
        read(data[: int(len(data) * kept)])


@pytest.mark.parametrize("data", [b"%PDF-1.7", bytes(range(256)) * 8, b"Just some words.\n"])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="is not an e-mail"):
        read(data)


def test_parts_without_end_are_refused() -> None:
    depth = 300
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    closed = "".join(f"\n--b{n}--\n" for n in reversed(range(depth)))

    with pytest.raises(UnreadableDocument, match="without end"):
        read(f"{HEAD}{opened}Content-Type: text/plain\n\nDeep.\n{closed}")


@settings(max_examples=150, deadline=None)
@given(
    kept=st.floats(0, 1),
    damage=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=30),
    html=st.booleans(),
)
def test_damage_never_ends_in_another_error(kept: float, damage: list[tuple[int, int]], html: bool) -> None:
    made = with_attachments() if html else message(OUTLOOK_PLAIN + "> quoted\n", to="Ann <a@b>")
    data = bytearray(made.as_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    file = a_file(bytes(data[: int(kept * len(data))]) if kept < 0.9 else bytes(data))
    for use in (EmlReader().read, EmlReader().enclosed):
        try:
            found = use(file)
        except BernardError:
            continue
        if isinstance(found, Document):
            assert_sound(found)
