"""How claims stand together on the page; see `assistant.answer.layout`."""

from assistant.answer.layout import Item, ItemList, Piece, Place, Sentence, Table, arrange, cells

__all__ = ["Item", "ItemList", "Piece", "Place", "Sentence", "Table", "arrange", "cells"]
