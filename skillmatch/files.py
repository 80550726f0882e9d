"""Writing files so that nothing is ever half-written, and the same content gives the same bytes."""

from __future__ import annotations

import os
import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:  # openpyxl takes a moment to import, and not every command writes a workbook
    from openpyxl import Workbook


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to a temporary file beside `path`, then put it in its place; missing folders are made.

    An existing file stays as it was if anything goes wrong on the way.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def workbook_bytes(book: Workbook) -> bytes:
    """Return an XLSX file whose bytes depend on the content alone: the moment of writing is left out.

    openpyxl stamps the archive's entries and the document properties with the present time; both get a fixed one here.
    """
    raw, fixed = BytesIO(), BytesIO()
    book.save(raw)
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", content)
            target.writestr(ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return fixed.getvalue()
