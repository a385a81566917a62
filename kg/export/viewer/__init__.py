"""Owns the page that `kg export --html` writes: layout, payload, page, and what the browser runs."""
