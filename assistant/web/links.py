"""Addresses a reader may follow; see `assistant.answer.links`."""

from assistant.answer.links import (
    FRAGMENT_WORDS,
    address_of_page,
    address_of_quote,
    brought_name,
    file_name,
    host_name,
    opening_words,
    web_address,
)

__all__ = [
    "FRAGMENT_WORDS",
    "address_of_page",
    "address_of_quote",
    "brought_name",
    "file_name",
    "host_name",
    "opening_words",
    "web_address",
]
