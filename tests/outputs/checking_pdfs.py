"""What the checkers of tagged PDF that can be had from Python say of a file: nothing is set aside."""

from __future__ import annotations

from pathlib import Path

import outloud
import page as page_validation
import pdfua


def complaints(path: Path) -> list[str]:
    """Return all that the checkers find, hints too: reading aloud, and the rules of PDF/UA-1."""
    aloud = outloud.check(path)
    assert aloud.error is None
    said = [f"outloud {one.rule}: {one.message} | {one.evidence} | page {one.page}" for one in aloud.findings]
    said += [f"pdfua: {one}" for one in pdfua.validate(path).findings]
    rules = page_validation.validate_pdf(path, profile="ua1")
    return said + [f"page-validation {one.rule_id}: {one.message}" for one in rules.failures]
