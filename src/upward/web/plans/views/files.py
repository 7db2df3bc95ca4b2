"""Files of a plan: taken in after a look at their content, given out as attachments only."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.errors import DataError
from upward.base.messages import _
from upward.web.core.templating import address
from upward.web.plans.forms import UploadForm
from upward.web.plans.models import Upload
from upward.web.plans.policies import Access, Permission
from upward.web.plans.queries import find_task
from upward.web.plans.uploads import KINDS, add_upload, remove_upload
from upward.web.plans.views.parts import plan_page, say_saved, show


@plan_page(post=Permission.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, access: Access) -> HttpResponse:
    """List the files, and take a new one."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        task = request.POST.get("task", "")[:40]
        if task:
            find_task(access.plan, task)
        if form.is_valid():
            try:
                add_upload(
                    by=access, file=form.cleaned_data["file"], task=task, about=form.cleaned_data["about"]
                )
            except DataError as problem:
                form.add_error("file", str(problem))
            else:
                say_saved(request, _("The file is kept."))
                back = address("plans:task", slug=access.plan.slug, key=task) if task else None
                return redirect(back or address("plans:files", slug=access.plan.slug))
    return show(
        request,
        "files",
        access,
        "files",
        form=form,
        files=list(Upload.objects.filter(plan=access.plan)),
        status=422 if form.errors else 200,
    )


@plan_page()
@require_safe
def download(_request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Give a file out: always as an attachment, never as something that a browser opens in our name."""
    upload = get_object_or_404(Upload, plan=access.plan, pk=number)
    response = FileResponse(
        upload.file.open("rb"), as_attachment=True, filename=upload.name, content_type=KINDS[upload.kind]
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@plan_page(Permission.EDIT, post=Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Delete a file, after a page that says what goes and what stays."""
    upload = get_object_or_404(Upload, plan=access.plan, pk=number)
    if request.method == "POST":
        remove_upload(by=access, upload=upload)
        say_saved(request, _("The file is deleted."))
        return redirect("plans:files", slug=access.plan.slug)
    return show(
        request,
        "remove",
        access,
        "files",
        heading=_("Delete the file “{name}”").format(name=upload.name),
        stays=_("Its name, size and checksum stay in the history. The file itself cannot be brought back."),
        word=_("Delete this file"),
        back=address("plans:files", slug=access.plan.slug),
    )
