"""What is said of a file that could be read with a program which is not there. Knows nothing of files."""

from __future__ import annotations

TOOL_IS_MISSING = "the program that recognises scanned pages is missing"
"""In the reason of a file that could be read with Tesseract: the next run tries it again."""
