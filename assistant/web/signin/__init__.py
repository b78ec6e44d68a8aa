"""Who uses Bernard where it serves more than one machine, and what they may do.

Knows nothing of questions, answers or pages beyond its own.
"""

from assistant.web.signin.gate import Gate
from assistant.web.signin.identity import NOBODY, Identity, identity_of, user_of
from assistant.web.signin.sessions import Sessions
from assistant.web.signin.ways import Way

__all__ = ["NOBODY", "Gate", "Identity", "Sessions", "Way", "identity_of", "user_of"]
