"""What the readers of parts of legislation share: what has been written, where they are, what is in force.

Reading one element is a generator that writes what it can and yields a generator for each element inside it; `run` keeps
them on a stack of its own, so that nesting costs memory and not Python's call stack.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.documents.legislation_extents import Extents, Nations
from assistant.documents.legislation_places import Place, place_of, provision_of
from assistant.documents.legislation_writer import Writer

Steps = Iterator["Steps"]


@dataclass(slots=True)
class Unit:
    """A provision or list item being read.

    Attributes:
        level: How deep it is listed; 0 for a section.
        above: The first words of what it stands in, as a block's position.
        opening: Its own first words.
        broken: True once something stands under it, so that words which come then close it.
    """

    level: int = 0
    above: int | None = None
    opening: int | None = None
    broken: bool = False

    @property
    def lead(self) -> int | None:
        """The block that introduces what stands under it."""
        return self.above if self.opening is None else self.opening

    def under(self, *, level: int | None = None) -> Unit:
        """A unit under this one."""
        self.broken = True
        return Unit(self.level + 1 if level is None else level, self.lead)


@dataclass(frozen=True, slots=True)
class Here:
    """Where in the legislation an element stands.

    Attributes:
        unit: What its words belong to.
        nations: What it extends to, as far as is said.
        around: What the part, chapter or schedule that it stands in extends to.
        title: The heading of the one section that stands in it, which waits for the section's number.
        is_quoted: True in the text of an amendment to other legislation.
        in_schedule: True in a schedule, where paragraphs have no headings of their own.
        is_secondary: True where provisions are numbered as in statutory instruments.
    """

    unit: Unit
    nations: Nations = ()
    around: Nations = ()
    title: str = ""
    is_quoted: bool = False
    in_schedule: bool = False
    is_secondary: bool = False


@dataclass(slots=True)
class Reading:
    """One document being read.

    Attributes:
        place: Its address.
        day: What it is valid for, if it says.
        extents: Collects the extents of what is read.
        element: Reads one element.
        repealed_too: Read what is repealed as well, for a document of which nothing is in force.
        writer: Collects the blocks.
        tally: What is left out, with how often.
        versions: Provisions as they are in another nation, by their id, until they are read.
    """

    place: Place
    day: dt.date | None
    extents: Extents
    element: Callable[[Reading, etree._Element, Here], Steps]
    repealed_too: bool = False
    writer: Writer = field(default_factory=Writer)
    tally: Counter[str] = field(default_factory=Counter)
    versions: dict[str, etree._Element] = field(default_factory=dict)

    def inside(self, element: etree._Element, here: Here) -> Steps:
        """Read all that is in an element."""
        for inner in element:
            yield self.element(self, inner, here)

    def provision(self, element: etree._Element) -> str:
        """The path of a provision below its item, such as "section/14"; "" where none is known."""
        for name in ("IdURI", "DocumentURI"):
            found = place_of(element.get(name, ""))
            if found is not None and found.item == self.place.item:
                return found.provision
        return provision_of(element.get("id", ""))

    def anchor(self, element: etree._Element) -> str:
        """What to append to the document's address to open a provision."""
        return self.place.anchor(self.provision(element), element.get("id", ""))


def run(steps: Steps) -> None:
    """Take all steps."""
    stack = [steps]
    while stack:
        further = next(stack[-1], None)
        if further is None:
            stack.pop()
        else:
            stack.append(further)
