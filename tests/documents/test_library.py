"""The library: which files are found, how each is named, and that no file stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.documents.library import FORMATS, Found, Outcome, file_digest, find_files, load_file, read_file, read_whole
from assistant.errors import InputError, UnreadableDocument
from tests.conftest import write_files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOTE = "# Tides\n\nHigh water is at noon.\n"


def found(path: Path) -> Found:
    return find_files([path])[0]


def read(path: Path) -> tuple[str, bool, str]:
    """(title, failed, reason) of one file."""
    file = found(path)
    outcome = read_file(file, load_file(file))
    return outcome.document.title if outcome.document else "", outcome.failed, outcome.reason


def test_files_are_found_once_in_order_and_named_from_the_folder_given(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "rules", {"b.md": NOTE, "a/c.md": NOTE, "a/b/d.txt": NOTE})

    files = find_files([folder, folder / "a", folder / "b.md"])

    assert [file.relative for file in files] == ["rules/b.md", "rules/a/c.md", "rules/a/b/d.txt"]
    assert [file.relative for file in find_files([folder / "a" / "c.md"])] == ["c.md"]


def test_hidden_files_left_by_editors_and_links_to_folders_are_passed_over(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "rules", {".hidden.md": NOTE, ".git/a.md": NOTE, "~$a.md": NOTE, "__pycache__/a.md": NOTE, "a.md": NOTE}
    )
    (folder / "round").symlink_to(folder, target_is_directory=True)

    assert [file.relative for file in find_files([folder])] == ["rules/a.md"]


def test_a_list_of_what_to_fetch_is_no_guidance_that_could_not_be_read(tmp_path: Path) -> None:
    files = {"govuk.toml": '# Pages\n[[group]]\npaths = ["/vat-rates"]\n', "rates.toml": "[vat]\nrate = 20\n", "a.md": NOTE}
    folder = write_files(tmp_path / "rules", files)

    assert [file.relative for file in find_files([folder])] == ["rules/a.md", "rules/rates.toml"]
    assert [file.relative for file in find_files([folder / "govuk.toml"])] == ["govuk.toml"]  # named, so it is told of


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file or folder .*nowhere"):
        find_files([tmp_path / "nowhere"])


def test_where_no_address_is_known_the_file_is_named(tmp_path: Path) -> None:
    file = found(write_files(tmp_path / "my rules", {"tide & time.md": NOTE}))
    document = read_file(file, load_file(file)).document

    assert document is not None
    assert (document.url, document.location) == ("file:my%20rules/tide%20%26%20time.md", str(file.path))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", b"PNG", ".png is not a format that is read (.csv"),
        ("README", b"words", "a file without a suffix is not a format"),
        ("a.md", b"", "the file is empty"),
        ("a.html", b" \n\t", "the file is empty"),
    ],
)
def test_what_holds_no_guidance_is_skipped_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)

    title, failed, told = read(tmp_path / name)

    assert (title, failed) == ("", False)
    assert reason in told


@pytest.mark.parametrize(("name", "content"), [("a.json", b"{"), ("a.pdf", b"%PDF-1.7 nothing more")])
def test_a_broken_file_fails_with_the_reason(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    title, failed, told = read(tmp_path / name)

    assert (title, failed) == ("", True)
    assert told
    assert "report this" not in told


@pytest.mark.parametrize("suffix", FORMATS)
def test_noise_in_any_format_costs_that_file_alone(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"noise{suffix.upper()}"
    path.write_bytes(bytes(range(256)) * 8)

    read(path)


def refused(make: Callable[[Path], object], path: Path) -> str:
    make(path)
    with pytest.raises(UnreadableDocument) as told:
        load_file(Found(path, path.name))
    return str(told.value)


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    assert refused(os.mkfifo, tmp_path / "pipe.md") == (
        "is a pipe, a device or the like and not a plain file; take it out of the folder"
    )
    assert refused(lambda path: path.symlink_to(tmp_path / "nothing"), tmp_path / "link.md") == (
        "is a link that leads nowhere; mend it, or take it out of the folder"
    )


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(201 * 2**20)  # a hole: takes no disk

    assert refused(make, tmp_path / "large.md") == (
        "is 201 MiB; the largest file read is 200 MiB (BERNARD_READING__MAX_FILE_MIB)"
    )


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    path.write_text(NOTE)

    (file,) = find_files([tmp_path])

    assert file.location == f"{tmp_path}/caf\ufffd.md"
    assert file.relative == f"{tmp_path.name}/caf\ufffd.md"
    with pytest.raises(UnreadableDocument, match=r"not UTF-8; rename it"):
        load_file(file)


def test_a_digest_names_content_and_place_below_the_folder_given(tmp_path: Path) -> None:
    one, two = Found(tmp_path / "x" / "a.md", "rules/a.md"), Found(tmp_path / "y" / "a.md", "rules/a.md")

    assert file_digest(one, b"a") == file_digest(two, b"a")
    assert file_digest(one, b"a") != file_digest(one, b"b")
    assert file_digest(one, b"a") != file_digest(Found(one.path, "rules/b.md"), b"a")


def outcomes(data: bytes, name: str = "mail.eml") -> list[Outcome]:
    return read_whole(Found(Path("/rules") / name, f"rules/{name}"), data)


def mail(*attachments: tuple[str, bytes], text: str = "High water is at noon.\n", inner: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "keeper@lights.example", "Tides"
    if text:
        message.set_content(text)
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if inner:
        message.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.eml")
    return message.as_bytes()


def test_the_files_in_a_message_are_read_as_if_it_were_a_folder() -> None:
    found = outcomes(mail(("tides & times.md", NOTE.encode()), ("picture.png", b"\x89PNG"), ("bad.pdf", b"%PDF-1.7")))

    assert [(outcome.location, outcome.relative, outcome.failed) for outcome in found] == [
        ("/rules/mail.eml", "rules/mail.eml", False),
        ("/rules/mail.eml/tides & times.md", "rules/mail.eml/tides & times.md", False),
        ("/rules/mail.eml/picture.png", "rules/mail.eml/picture.png", False),
        ("/rules/mail.eml/bad.pdf", "rules/mail.eml/bad.pdf", True),
    ]
    assert found[1].document is not None
    assert found[1].document.url == "file:rules/mail.eml/tides%20%26%20times.md"
    assert found[1].document.location == "/rules/mail.eml/tides & times.md"
    assert ".png is not a format" in found[2].reason


def test_a_message_without_text_is_skipped_and_its_files_are_read() -> None:
    found = outcomes(mail(("tides.md", NOTE.encode()), text=""))

    assert (found[0].document, found[0].failed) == (None, False)
    assert found[1].document is not None


def test_a_message_that_cannot_be_read_gives_one_reason() -> None:
    (outcome,) = outcomes(b"no message at all")

    assert outcome.failed
    assert "not an e-mail" in outcome.reason


def test_files_within_files_are_read_three_deep() -> None:
    data = mail(text="Depth 5.\n")
    for depth in (4, 3, 2, 1, 0):
        data = mail(text=f"Depth {depth}.\n", inner=data)

    found = outcomes(data)

    assert [outcome.document is not None for outcome in found] == [True, True, True, True, False]
    assert found[-1].failed
    assert "3 deep" in found[-1].reason
    assert found[-1].location == "/rules/mail.eml/inner.eml/inner.eml/inner.eml/(enclosed files)"


def test_more_files_than_are_read_are_counted() -> None:
    found = outcomes(mail(*((f"{number}.md", NOTE.encode()) for number in range(205))))

    assert len(found) == 1 + 200 + 1
    assert found[-1].failed
    assert "5 more files" in found[-1].reason
    assert len({outcome.location for outcome in found}) == len(found)


def test_a_file_that_is_no_container_has_one_outcome() -> None:
    (outcome,) = outcomes(NOTE.encode(), "tides.md")

    assert outcome == read_file(Found(Path("/rules/tides.md"), "rules/tides.md"), NOTE.encode())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.doc", OLE, "is an old Word file (.doc), a format that is not read; open it in Word and save it as .docx"),
        ("a.xls", OLE, "is an old Excel file (.xls), a format that is not read; open it in Excel and save it as .xlsx"),
        ("a.ppt", OLE, "open it in PowerPoint and save it as .pptx"),
        ("a.odp", b"PK\x03\x04", "open it in LibreOffice Impress and save it as .pptx"),
        ("a.pages", b"PK\x03\x04", "open it in Apple Pages and save it as .docx"),
        ("a.key", b"PK\x03\x04", "open it in Apple Keynote and save it as .pptx"),
        ("a.key", b"-----BEGIN KEY-----", ".key is not a format that is read"),
        ("a.doc", b"{\\rtf1 words}", "is a Rich Text file, whatever its suffix .doc says; rename it to .rtf"),
    ],
)
def test_formats_that_are_not_read_name_the_program_that_can_save_another(name: str, content: bytes, reason: str) -> None:
    (outcome,) = outcomes(content, name)

    assert (outcome.document, outcome.failed) == (None, False)
    assert reason in outcome.reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"%PDF-1.7", "is a PDF, whatever its suffix .docx says; rename it to .pdf"),
        ("a.docx", OLE, "an old Office file, or one protected by a password"),
        ("a.pdf", b"PK\x03\x04", "is a ZIP package, as new Office files are, whatever its suffix .pdf says"),
        ("a.msg", b"<html><p>Words.", "is a web page, whatever its suffix .msg says"),
    ],
)
def test_a_file_under_the_suffix_of_another_format_fails_with_what_it_is(name: str, content: bytes, reason: str) -> None:
    (outcome,) = outcomes(content, name)

    assert outcome.failed
    assert reason in outcome.reason


def test_the_languages_of_ocr_are_part_of_a_digest() -> None:
    file = Found(Path("/rules/a.pdf"), "rules/a.pdf")

    assert file_digest(file, b"a") != file_digest(file, b"a", ocr_languages="eng")
