"""Pairs of a source and a claim that a hostile reader found to be let through, and what is said of each now.

One phenomenon a pair: a lead-in, a fragment, another script, a verb that turns the sentence round. The sources are made up.
"""

# ruff: noqa: E501 - a pair a line; letters of other scripts are what is tested

from __future__ import annotations

import pytest

from assistant.grounding import Checker, PassageText, Verdict

UNTRUE = [
    (
        "You must not:\naccept gifts from suppliers\nlend your pass to visitors\ndiscuss live bids\n\nAsk the security team if you are in doubt.",
        "You can accept gifts from suppliers.",
    ),
    (
        "You must not:\naccept gifts from suppliers\nlend your pass to visitors\ndiscuss live bids\n\nAsk the security team if you are in doubt.",
        "You must accept gifts from suppliers.",
    ),
    (
        "You must not:\naccept gifts from suppliers\nlend your pass to visitors\ndiscuss live bids\n\nAsk the security team if you are in doubt.",
        "Lend your pass to visitors.",
    ),
    ("You do not need to:\nregister the visit\npay a fee", "You must register the visit."),
    ("You may:\nkeep the gift\nreturn the gift", "You must keep the gift."),
    ("You should:\npay the fee\nkeep the receipt", "You must pay the fee."),
    ("These are exempt from VAT:\ninsurance\npostage stamps", "Insurance is subject to VAT."),
    ("You must answer no later than 20 working days after the request.", "No."),
    ("You must answer no later than 20 working days after the request.", "You must."),
    ("Do not assume that staff may accept gifts.", "Staff may accept gifts."),
    ("It is a common myth that departments can refuse anonymous requests.", "Departments can refuse anonymous requests."),
    ("Check whether you can claim travel costs.", "You can claim travel costs."),
    ("Critics argued that departments can ignore requests.", "Departments can ignore requests."),
    ("The consultation asked whether fees should be abolished.", "Fees should be abolished."),
    ("It is unlikely that fees apply.", "Fees apply."),
    ("Nobody may enter the vault.", "May enter the vault."),
    ("Staff must declare gifts.", "Staff must ｎｏｔ declare gifts."),
    ("Staff must declare gifts.", "Staff must nοt declare gifts."),
    ("You must answer within 20 working days.", "你不需要在 20 working days 内回答。"),
    ("You must answer within 20 working days.", "You must answer within 20½ working days."),
    ("The visit takes 2 hours.", "The visit takes 2½ hours."),
    ("It is an offence to disclose the record.", "You may disclose the record."),
    ("Avoid using personal email for official business.", "Use personal email for official business."),
    ("Officials should refrain from commenting on the bid.", "Officials should comment on the bid."),
    ("Charities are exempt from the rule.", "The rule applies to charities."),
    ("The grant is taxable.", "The grant is tax free."),
    ("The scheme ended in March 2024.", "The scheme began in March 2024."),
    ("The office closed in 2020.", "The office opened in 2020."),
    ("The guidance was withdrawn on 1 May 2023.", "The guidance applies from 1 May 2023."),
    ("Staff used to be able to claim lunch.", "Staff can claim lunch."),
    ("The old rule was that staff could claim lunch.", "Staff can claim lunch."),
    ("The department proposed to abolish the fee.", "The department abolished the fee."),
    ("Report the loss within 72 hours.", "Report the loss after 72 hours."),
    ("Inspections take place twice a year.", "Inspections take place once a year."),
    ("The fee is paid annually.", "The fee is paid monthly."),
    ("Returns are sent weekly.", "Returns are sent monthly."),
    ("The number of requests doubled.", "The number of requests halved."),
    ("Use the annual salary.", "Use the monthly salary."),
    ("The limit is £50 per person.", "The limit is £50 per household."),
    ("The rate rose from 5% to 7%.", "The rate fell from 5% to 7%."),
    ("Applications open on 3 June and close on 3 July.", "Applications open on 3 July."),
    ("Departments usually publish the minutes.", "Departments always publish the minutes."),
    ("Approval is needed before spending starts.", "Spending can start before approval."),
    ("The tribunal dismissed the appeal.", "The tribunal allowed the appeal."),
    ("Departments fund agencies.", "Agencies fund departments."),
    ("Payments stop when you start work.", "Work stops when you start payments."),
    ("Apply by post.", "Apply by email."),
    ("You will lose the payment.", "You will get the payment."),
    ("The permanent secretary signs the letter.", "The private secretary signs the letter."),
    ("Urgent | £50\nStandard | £20", "Service: Urgent; Fee: £20"),
    ("Urgent | £50\nStandard | £20", "Service: Standard; Fee: £50"),
    ("You can ask your council to inspect the house.", "The landlord and your council will inspect the house."),
    (
        "To find out whether you need a licence, contact the council. Appeals can take several months.",
        "To find out whether you need a licence, you can appeal.",
    ),
    (
        "Fill in the form and post it to the Fog Office. Use the form to change your lamp oil order.",
        "Fill in the form and post it to the Fog Office before you change your lamp oil order.",
    ),
    (
        "Keep a record of what you borrow - this is known as a ‘keeper’s loan account’.",
        "It can be classified as a keeper’s loan.",
    ),
    ("Your child may be eligible for speech therapy at school.", "Your child is eligible for speech therapy at school."),
    (
        "You must be recognised as a charity to claim Oil Aid.",
        "You are eligible for Oil Aid, as you are a charity and you are small.",
    ),
    (
        "You need to appeal within 21 days of getting the result of a review.",
        "I appealed the results and my review was denied.",
    ),
    (
        "There are 2 versions of the roll - the full roll and the ‘open roll’ (known as the ‘edited roll’ in Wales). The full roll is for registered voters.",
        "The full roll (also known as the ‘edited roll’) is for registered voters.",
    ),
    (
        "You will not be eligible for the Lamp Loan if your course is:\nshorter than a year\npaid for by an employer\n\nIf you’re an EU national, send your passport.",
        "You will not be eligible for the Lamp Loan if you are an EU citizen.",
    ),
    (
        "The plant treats the water so it’s clean enough to go into a river.",
        "The water must be clean enough to go into a river.",
    ),
    ("Have the correct number of fans been fitted to meet Table 1.1?", "The correct number of fans is 1."),
    (
        "Post the passport to arrive with the Board within 7 days of becoming aware of the loss.",
        "You must send the passport to the Board within 7 days of arriving.",
    ),
    (
        "You can get the grant if you own the boat and it runs on gas.",
        "You can get the grant if you own the boat or it runs on gas.",
    ),
    (
        "The aid is £76.75 a week. You are not paid extra for more than one light.",
        "The aid is £76.75 a week for each light you keep.",
    ),
    ("Tell the Board if you sell the boat.", "Tell the Board before you sell the boat."),
    (
        "You do not have to be related to them. Name the person you care for.",
        "You have to be related to the person you care for.",
    ),
]
LIMITED = [
    ("Line managers should hold an exit interview where possible.", "Line managers should hold an exit interview."),
    ("The Board can extend the time limit where it needs to ask others.", "The Board can extend the time limit."),
    ("Visitors may moor free on Sundays.", "Visitors may moor free."),
    ("You can get a refund for each full month left.", "You can get a refund for each month left."),
    ("The installer must send the form to the Board within 28 days.", "You must send the form to the Board within 28 days."),
    (
        "You must get a permit if your stay is longer than 6 months and any of these details on your visa change:",
        "You must get a permit if your stay is longer than 6 months.",
    ),
    (
        "You may be able to buy oil free of tax when you visit Jersey.",
        "You can buy oil free of tax if you’re visiting Jersey.",
    ),
    ("If a relative is in work, you might not get the payment.", "If a relative is in work, you will not get the payment."),
    ("Do nothing until we write to you unless your address changes.", "Do nothing until we write to you."),
    ("You can apply only if you:\nlive in England\nare over 18", "You can apply if you live in England."),
    ("Some departments charge a fee for copies.", "Departments charge a fee for copies."),
    ("Most applications take 8 weeks to decide.", "Applications take 8 weeks to decide."),
    ("The penalty is £100 a day.", "The penalty is £100."),
    ("Interest is charged at 8% above the base rate.", "Interest is charged at 8%."),
    ("From 2019 to 2021 the rate was 5%.", "The rate is 5%."),
    ("You may be able to claim the cost.", "You can claim the cost."),
    ("Directors can approve spending up to £10 million.", "Directors can approve any spending."),
    ("Civil servants working abroad must register gifts.", "Civil servants must register gifts."),
    (
        "Temporary staff on contracts of less than 3 months are not entitled to the allowance.",
        "Temporary staff are not entitled to the allowance.",
    ),
    (
        "The ICO can review your decision. You must answer within 20 working days.",
        "The ICO can review your decision, so you should delay your answer.",
    ),
    ("You must reply within 20 working days unless the minister objects.", "You must reply within 20 working days unless"),
]
TRUE = [
    (
        "You must not:\naccept gifts from suppliers\nlend your pass to visitors\ndiscuss live bids\n\nAsk the security team if you are in doubt.",
        "You must not accept gifts from suppliers.",
    ),
    (
        "You must not:\naccept gifts from suppliers\nlend your pass to visitors\ndiscuss live bids\n\nAsk the security team if you are in doubt.",
        "Ask the security team if you are in doubt.",
    ),
    ("Service | Fee\nUrgent | £50\nStandard | £20", "Service: Urgent; Fee: £50"),
    ("You can ask your council to inspect the house.", "You can ask your council to inspect the house."),
    ("Tell the harbour master before you leave the harbour.", "Before you leave the harbour, tell the harbour master."),
    (
        "The open roll (known as the ‘edited roll’ in Wales) is for sale.",
        "The open roll (also known as the ‘edited roll’) is for sale in Wales.",
    ),
    ("Reply within 20 working days of receiving the letter.", "Reply within 20 working days after you receive the letter."),
    ("You are eligible for Oil Aid if you keep a light.", "If you keep a light, you are eligible for Oil Aid."),
]


@pytest.mark.parametrize(("source", "claim"), UNTRUE)
def test_what_the_source_does_not_say_is_withheld(checker: Checker, source: str, claim: str) -> None:
    check = checker.verify(claim, (PassageText(source),))

    assert check.verdict is Verdict.UNSUPPORTED, check
    assert check.reasons


@pytest.mark.parametrize(("source", "claim"), LIMITED)
def test_what_leaves_out_a_limit_is_never_shown_as_supported(checker: Checker, source: str, claim: str) -> None:
    check = checker.verify(claim, (PassageText(source),))

    assert check.verdict in {Verdict.UNSUPPORTED, Verdict.PARTLY_SUPPORTED}, check
    assert check.reasons


@pytest.mark.parametrize(("source", "claim"), TRUE)
def test_what_the_source_says_is_shown(checker: Checker, source: str, claim: str) -> None:
    assert checker.verify(claim, (PassageText(source),)).verdict in {Verdict.QUOTED, Verdict.SUPPORTED}


def test_a_lead_in_before_the_passage_counts_too(checker: Checker) -> None:
    passage = PassageText("lend your pass to visitors\ndiscuss live bids", "Passes", context="You must not:")

    assert checker.verify("Lend your pass to visitors.", (passage,)).verdict is Verdict.UNSUPPORTED
    assert checker.verify("You must not lend your pass to visitors.", (passage,)).verdict in {
        Verdict.QUOTED,
        Verdict.SUPPORTED,
    }


def test_an_item_is_cited_with_its_lead_in(checker: Checker) -> None:
    text = "You must not:\naccept gifts\nlend your pass to visitors"
    check = checker.verify("You must not lend your pass to visitors.", (PassageText(text),))

    assert [text[span.start : span.end] for span in check.spans] == ["lend your pass to visitors", "You must not:"]


def test_a_fact_of_one_page_is_not_that_of_another(checker: Checker) -> None:
    pages = (PassageText("The fee is £90.", "Passport"), PassageText("The fee is £20.", "Driving licence"))

    assert checker.verify("The fee for a passport is £20.", pages).verdict is Verdict.UNSUPPORTED
    assert checker.verify("The fee for a passport is £90.", pages).verdict is not Verdict.UNSUPPORTED
