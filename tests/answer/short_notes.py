"""Invented notes that become one passage each, with questions that their words answer and questions that they do not."""

from __future__ import annotations

NOTES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ropes": (
        "Ropes are coiled at dusk by the mate on watch. A frayed rope must be cut up within 3 days.",
        ("When are ropes coiled?", "Who coils the ropes?", "What must be done with a frayed rope?"),
        ("How much does a rope cost?", "When is the anchor weighed?", "Who trains the mate in first aid?"),
    ),
    "parking": (
        "# Parking at the depot\n\nStaff may park in bays 1 to 40. A permit costs £15 a month. "
        "Bays 41 to 50 are kept for visitors.\n",
        ("How much does a parking permit cost?", "Which bays are for visitors?", "Where may staff park?"),
        (
            "Where may staff swim?",
            "How do I appeal a parking fine?",
            "Can contractors claim mileage?",
            "What is the speed limit in the depot?",
        ),
    ),
    "minutes": (
        "The board met on 4 June. It agreed to move the archive to the north building by the end of September.",
        ("Where will the archive be moved?", "By when is the archive to be moved?"),
        # "Why was the archive moved?" is answered with this too: no sign tells yet that a reason is asked for.
        ("How long are archived records kept?", "Who chairs the board?"),
    ),
    "laptop": (
        "Return your laptop to the service desk on your last day. Remove the battery first if it is swollen.",
        ("Where do I return my laptop?", "What should I do if the battery is swollen?"),
        ("How do I reset my password?", "Can I buy my laptop when I leave?"),
    ),
    "grant": (
        "# Small grants\n\nVillages with fewer than 500 people can apply for up to £2,000. "
        "Applications close on 31 October.\n",
        ("How much can a village apply for?", "When do applications close?"),
        ("Who decides on appeals against a refused grant?", "Are schools exempt from VAT?"),
    ),
}
