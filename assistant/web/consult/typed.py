"""What stands in the fields of a page that is shown again. Knows nothing of which page that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a page that is shown again, and what is wrong with it.

    Attributes:
        fields: Values by the name of the field.
        faults: Words by the id of the field.
        conflict: What a colleague did meanwhile.
    """

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    conflict: str = ""

    def get(self, name: str, otherwise: str = "") -> str:
        """The value of a field."""
        return next(iter(self.fields.get(name, ())), otherwise)


NOTHING = Typed()
