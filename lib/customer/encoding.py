"""The bytes of an uploaded CSV as text, whatever program wrote them."""

import codecs

from lib.errors import CustomersFileUnusable

MOST_BYTES = 10_000_000
"""100,000 rows of a long address, a customer, a team and an owner."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
FALLBACK = "Windows-1252"


def text_of(content: bytes) -> tuple[str, str]:
    """The text, and the encoding it was written in: "UTF-8", "UTF-16" or, where it is neither, "Windows-1252".

    Raises `CustomersFileUnusable` for what is no text, is empty, or is larger than `MOST_BYTES`.
    """
    if len(content) > MOST_BYTES:
        raise CustomersFileUnusable(f"This file is larger than {MOST_BYTES // 1_000_000} MB. Upload it in parts.")
    if content.startswith(_WORKBOOKS):
        raise CustomersFileUnusable("This is an Excel workbook. In Excel, save it as CSV UTF-8 and upload that file.")
    for encoding in _likely(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, _NAMES.get(encoding, "UTF-16")
    raise CustomersFileUnusable("This file cannot be read as text. Save it as CSV UTF-8 and upload that file.")


def _likely(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return (encoding,)
    if content[1:2] == b"\0":  # a letter of UTF-16 is followed or led by a zero byte; UTF-8 has none
        return ("utf-16-le",)
    if content[:1] == b"\0":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")
