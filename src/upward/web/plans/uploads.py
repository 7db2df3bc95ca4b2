"""Files of a plan: taken in only if their content is what their name says, given out only as attachments."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from upward.base.errors import DataError
from upward.base.messages import _
from upward.web.core.history import record_history
from upward.web.plans.actions import actor_of
from upward.web.plans.models import Upload
from upward.web.plans.policies import Access, Permission, check_may

#: Ending -> media type. Nothing here can run in a browser; pages and drawings that can hold scripts are not taken.
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
SIGNATURES = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
MOST_UNPACKED = 400_000_000


def check_content(name: str, content: bytes) -> str:
    """Return the kind of a file; raises DataError where its content is not what its ending says, or may do harm."""
    kind = PurePath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if kind not in KINDS:
        raise DataError(
            _("Files that end in “.{kind}” are not taken.").format(kind=kind[:12] or "?"),
            advice=_("Taken are: {kinds}.").format(kinds=", ".join(KINDS)),
        )
    if not content:
        raise DataError(_("The file is empty."))
    fits = (
        _is_office(kind, content)
        if kind in OFFICE_PARTS
        else _is_text(content)
        if kind in {"csv", "txt"}
        else content.startswith(SIGNATURES[kind])
    )
    if not fits:
        raise DataError(
            _("The file’s content is not that of a {kind} file.").format(kind=kind.upper()),
            advice=_("Save it again in the program that made it, then upload it."),
        )
    return kind


def _is_office(kind: str, content: bytes) -> bool:
    """Return whether it is an office document of the kind, without programs in it and of a sensible size unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        return False
    runs = any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names)
    return (
        OFFICE_PARTS[kind] in names
        and "[Content_Types].xml" in names
        and not runs
        and unpacked < MOST_UNPACKED
    )


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return not any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\f" for letter in text)


def clean_name(name: str) -> str:
    r"""Return a file name that is safe in a header and on any system.

    >>> clean_name("../../etc/pa\nsswd.pdf")
    'pa_sswd.pdf'
    """
    base = PurePath(name.replace("\\", "/")).name
    return re.sub(r"[^\w. ()-]", "_", unicodedata.normalize("NFC", base))[-140:].strip() or "file"


@transaction.atomic
def add_upload(*, by: Access, file: UploadedFile, task: str = "", about: str = "") -> Upload:
    """Keep a file; raises DataError where it is too large or not what it says it is."""
    check_may(by, Permission.WORK)
    if file.size is None or file.size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // 1_000_000
        raise DataError(_("The file is larger than {limit} MB.").format(limit=limit))
    content = file.read()
    kind = check_content(file.name or "", content)
    upload = Upload(
        plan=by.plan,
        task=task,
        name=clean_name(file.name or "file"),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        about=about,
        by_name=actor_of(by).get_full_name(),
    )
    upload.file.save(upload.name, ContentFile(content), save=False)
    upload.save()
    record_history(
        "file.added",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"task:{task}" if task else f"file:{upload.pk}",
        record_name=upload.name,
        after={"sha256": upload.sha256, "size": upload.size},
    )
    return upload


@transaction.atomic
def remove_upload(*, by: Access, upload: Upload) -> None:
    """Delete a file; its name and checksum stay in the history."""
    check_may(by, Permission.EDIT)
    record_history(
        "file.removed",
        by=actor_of(by),
        plan=by.plan.pk,
        record=f"file:{upload.pk}",
        record_name=upload.name,
        before={"sha256": upload.sha256, "size": upload.size},
    )
    stored = upload.file
    upload.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
