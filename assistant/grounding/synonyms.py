"""Words that may stand for each other in a claim without changing what guidance says. Reviewed by hand; knows no sentences.

A word that is not here may still mean the same: then a claim is shown as partly supported, with both words, and the
reader decides. So a missing entry costs a little, a wrong one much.
"""

from __future__ import annotations

from assistant.grounding.words import stems

_GROUPS = """
get receive obtain; reply respond answer response; buy purchase; begin start commence; end finish complete; help
assist support; need require necessary required; ask request; tell inform notify; show display demonstrate; give
provide supply; keep retain hold store; send submit use utilise; choose select pick; person people individual; child
kid; about regarding concerning; quickly promptly; immediately straightaway allow permit let; allowed permitted; make
create; contact reach; job work post role; rule requirement; fee charge cost; amount sum; document record file; form
application; organisation body; department organisation; check verify confirm; staff employee worker official;
information detail data guidance guide advice; page section; law legislation; law act; worth valued; speak talk; pay
payment; say state; explain describe; publish issue; set fix large big; small little; additional further extra more;
also too; normally usually generally; ensure make sure; explain set out; consider think decide determine; whole entire
full; part some; near close; right correct; wrong incorrect; reason ground; way method; stop cease; change amend
alter; remove delete; add include; include contain cover; happen occur; begin open; want wish; look search; find
identify; report tell; supplier contractor vendor; member person; area place; apply use; apply request; show indicate;
suitable appropriate; important essential; able can
"""
_BY_STEM: dict[str, set[int]] = {}
for _number, _group in enumerate(_GROUPS.replace("\n", " ").split(";")):
    for _stem in stems(_group.split()):
        _BY_STEM.setdefault(_stem, set()).add(_number)


def may_stand_for(one: str, other: str) -> bool:
    """Whether two stems are in one group."""
    return bool(_BY_STEM.get(one, set()) & _BY_STEM.get(other, set()))
