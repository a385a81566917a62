"""Owns writing XML piece by piece: elements whose text is safe, in a document that streams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from lxml import etree

from kg.errors import KgError
from kg.export.rows import joined

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@contextmanager
def xml_document(stream: BinaryIO, root: str, namespace: str, **attributes: str) -> Iterator[Any]:
    """An lxml incremental file inside the root element, in the default namespace `namespace`."""
    with etree.xmlfile(stream, encoding="UTF-8") as out:
        out.write_declaration()
        # The elements inside are made without a namespace and inherit the root's when read.
        with out.element(root, {"xmlns": namespace, **attributes}):
            yield out
    stream.write(b"\n")


def element(tag: str, attributes: dict[str, str], value: object = None) -> etree._Element:
    """An element with text, on a line of its own; `KgError` for what XML cannot write."""
    item = etree.Element(tag, {key: checked(text) for key, text in attributes.items()})
    if value is not None:
        item.text = checked(joined(value))
    item.tail = "\n"
    return item


def checked(text: str) -> str:
    """The text, if XML 1.0 can hold it; `KgError` with the character otherwise."""
    if bad := NOT_XML.search(text):
        shown = text[:60].encode("ascii", "backslashreplace").decode()
        raise KgError(
            f"cannot write {shown!r}: XML has no way to write U+{ord(bad[0]):04X}; "
            "use --ttl or --json, or mend the source and build again."
        )
    return text
