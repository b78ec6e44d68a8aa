"""Documents that people bring to a conversation: read, indexed for that conversation alone, and deleted after a while.

Knows nothing of browsers, of who may sign in, or of how answers come about.
"""

from assistant.uploads.model import NotAdded, OwnFile, Received, Step, readable_formats
from assistant.uploads.own_documents import OwnDocuments
from assistant.uploads.shelves import Shelves

__all__ = ["NotAdded", "OwnDocuments", "OwnFile", "Received", "Shelves", "Step", "readable_formats"]
