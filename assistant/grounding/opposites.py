"""Words and phrases that make a statement the opposite of what it is with the other. Knows nothing of statements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opposite:
    """Two phrases, as words in lower case: a claim with `one` where a source has `other` says the opposite."""

    one: tuple[str, ...]
    other: tuple[str, ...]


_PAIRS = """
before / after; before / following; after / prior to; prior to / following; until / from; until / after
earlier / later; first / last; start / end; starts / ends; begins / ends; more / less; more / fewer; most / least
higher / lower; highest / lowest; greater / less; larger / smaller; longer / shorter; over / under; above / below
maximum / minimum; at least / at most; at least / up to; at least / no more than; more than / up to
no more than / no less than; not more than / not less than; or more / or less; or over / or under; or above / or below
or more / or fewer; older / younger; increase / decrease; increases / decreases; increased / decreased
increase / reduce; increases / reduces; increased / reduced; raise / lower; rise / fall; exceeds / is below
always / never; all / none; all / some; every / no; everyone / nobody; often / rarely; both / neither
either / neither; include / exclude; includes / excludes; included / excluded; including / excluding
including / except; inside / outside; in addition to / instead of; accept / reject; accept / refuse
accepted / rejected; accepted / refused; approve / refuse; approved / refused; approve / reject; approved / rejected
grant / refuse; granted / refused; allow / prevent; allowed / prohibited; permitted / prohibited; allow / prohibit
permit / prohibit; allows / prevents; encourage / discourage; encouraged / discouraged; support / oppose
lawful / unlawful; legal / illegal; eligible / ineligible; valid / invalid; entitled / not entitled; exempt / liable
exempt / taxable; taxable / exempt; possible / impossible; likely / unlikely; fair / unfair; mandatory / optional
compulsory / voluntary; compulsory / optional; mandatory / voluntary; required / optional; binding / non-binding
public / private; temporary / permanent; internal / external; full-time / part-time; full time / part time
full / partial; direct / indirect; directly / indirectly; open / closed; open / confidential; income / expenditure
income / expenses; profit / loss; profits / losses; credit / debit; asset / liability; assets / liabilities
buy / sell; buyer / seller; buyers / sellers; purchase / sale; lender / borrower; employer / employee
employers / employees; landlord / tenant; landlords / tenants; employed / self-employed; employed / unemployed
parent / child; claimant / defendant; supplier / customer; married / unmarried; free / chargeable; paid / unpaid
paid / free; pass / fail; succeed / fail; win / lose; win / lost; upper / lower; primary / secondary
positive / negative; present / absent; remove / add; with / without; same / different; similar / different; new / old
joint / sole; jointly / separately; together / separately; online / by post; written / oral; in writing / orally
known / unknown; relevant / irrelevant; agree / disagree; began / ended; begin / end; begun / ended; opened / closed
opens / closes; rose / fell; rises / falls; doubled / halved; doubles / halves; dismissed / allowed
dismissed / upheld; lose / get; lose / keep; lose / gain; withdrawn / applies; withdrawn / apply; withdrawn / in force
stop / start; stops / starts; stopped / started; taxable / tax free; tax-free / taxable; exempt / subject
exempt / applies; exempt / apply; once / twice; usually / always; sometimes / always; often / always; rarely / always
daily / weekly; daily / monthly; daily / annually; daily / annual; weekly / fortnightly; weekly / monthly
weekly / quarterly; weekly / annually; weekly / annual; monthly / quarterly; monthly / annually; monthly / annual
monthly / yearly; quarterly / annually; quarterly / annual; per person / per household; per person / per family
by post / by email; by post / by phone; by email / by phone; in person / by post; in person / online
permanent secretary / private secretary; gross / net; before tax / after tax; deputy / principal; opt in / opt out
opt-in / opt-out; up / down; enter / leave; enters / leaves; arrive / leave; early / late; good / bad; safe / unsafe
safe / dangerous; retrospective / prospective
"""


def _read(pairs: str) -> tuple[Opposite, ...]:
    found = []
    for pair in pairs.replace("\n", ";").split(";"):
        if "/" in pair:
            one, other = (tuple(side.replace("-", " ").split()) for side in pair.split("/"))
            found += [Opposite(one, other), Opposite(other, one)]
    return tuple(found)


OPPOSITES = _read(_PAIRS)
