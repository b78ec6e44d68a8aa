"""What guidance is and how each format is read. Knows nothing of the index."""

from assistant.documents.model import CELL_SEPARATOR, Block, BlockKind, Document, DocumentText, LeftOut

__all__ = ["CELL_SEPARATOR", "Block", "BlockKind", "Document", "DocumentText", "LeftOut"]
