"""Measures the product on public question sets; uses assistant/, and nothing in assistant/ knows of it."""
