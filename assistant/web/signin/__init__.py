"""Who uses Bernard where it serves more than one machine, and what they may do.

Knows nothing of questions, answers or pages beyond its own.
"""

from assistant.web.signin.forms import Frame, plain_frame
from assistant.web.signin.gate import Gate
from assistant.web.signin.identity import NOBODY, Identity, identity_of, known, require, user_of
from assistant.web.signin.make import check_address, make_way
from assistant.web.signin.sessions import Sessions
from assistant.web.signin.ways import Way

__all__ = [
    "NOBODY",
    "Frame",
    "Gate",
    "Identity",
    "Sessions",
    "Way",
    "check_address",
    "identity_of",
    "known",
    "make_way",
    "plain_frame",
    "require",
    "user_of",
]
