"""Owns the forms of identifiers: slugs, arXiv numbers, DOIs."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_SLUG = re.compile(r"[^a-z0-9.+]+")
_ARXIV = re.compile(
    r"(?:arxiv[:./\s]*(?:org/)?(?:abs/|pdf/|html/)?|^)"
    r"(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?$",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:^|doi\.org/|doi:\s*)(10\.\d{4,9}/\S+)$", re.IGNORECASE)


def slug(text: str, limit: int = 80) -> str:
    """A readable, stable key for an IRI: lower case, `a-z0-9.+-`, at most about `limit` long.

    What the alphabet cannot hold is kept apart by a digest: two texts of equal slug that
    differ in letters outside of ASCII do not collide.
    """
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    plain = (
        folded if folded.isascii() else "".join(c for c in folded if not unicodedata.combining(c))
    )
    key = _NOT_SLUG.sub("-", plain).strip("-.")
    lost = not plain.isascii() and any(c.isalpha() and not c.isascii() for c in plain)
    if len(key) <= limit and key and not lost:
        return key
    digest = hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    head = key if len(key) <= limit else key[:limit].rsplit("-", 1)[0]
    return f"{head}-{digest}".strip("-")


def arxiv_id(text: str) -> str | None:
    """The arXiv number in an identifier or address, without its version; None if there is none."""
    found = _ARXIV.search(text.strip().rstrip("/"))
    return found.group(1).lower() if found else None


def doi(text: str) -> str | None:
    """The DOI in an identifier or address, in lower case (DOIs compare without case), or None."""
    found = _DOI.search(text.strip())
    return found.group(1).lower().rstrip(".,;") if found else None
