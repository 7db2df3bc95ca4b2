"""Members and invitations."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.core.templating import address, site_address
from upward.web.plans import actions, invitations
from upward.web.plans.additions import additions
from upward.web.plans.forms import InvitationForm, MemberForm
from upward.web.plans.models import Membership, Role
from upward.web.plans.policies import ROLES, Access, Permission
from upward.web.plans.queries import invitations_of, members_of, plan_work
from upward.web.plans.views.joining import mail_way_in
from upward.web.plans.views.parts import plan_page, say_saved, show

PAGE = 50


@plan_page()
@require_safe
def people(request: HttpRequest, access: Access) -> HttpResponse:
    """List the members, and the invitations that wait."""
    words, role = request.GET.get("q", "").strip()[:80], request.GET.get("role", "")
    found = members_of(access.plan)
    total = found.count()
    if words:
        found = found.filter(user__name__icontains=words)
    if role in Role.values:
        found = found.filter(role=role)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "people",
        access,
        "people",
        page=page,
        total=total,
        words=words,
        chosen=role,
        roles=ROLES,
        invitations=list(invitations_of(access.plan)) if access.permits(Permission.INVITE) else [],
    )


@plan_page(Permission.INVITE, opened=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, access: Access) -> HttpResponse:
    """Invite one person by mail, or make a link for several; the link is shown once."""
    form = InvitationForm(request.POST or None, may_make_owners=access.permits(Permission.GOVERN))
    link, invitation, not_sent = "", None, ""
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = invitations.invite(
                by=access,
                role=form.cleaned_data["role"],
                email=form.cleaned_data["email"],
                places=form.cleaned_data["places"] or 1,
            )
        except (NotAllowed, StateForbids):
            raise
        except RefusedError as problem:
            form.add_error("email", str(problem))
        else:
            link = site_address(request, address("plans:accept", token=token))
            if invitation.email:
                not_sent = mail_way_in(request, invitation, invitation.email)
    return show(
        request,
        "invite",
        access,
        "people",
        form=form,
        link=link,
        not_sent=not_sent,
        sends_mail=settings.OPTIONS.sends_mail,
        invitation=invitation,
        status=422 if form.errors else 200,
    )


@plan_page(Permission.INVITE, post=Permission.INVITE)
@require_POST
def withdraw(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Make an invitation stop working."""
    invitation = get_object_or_404(invitations_of(access.plan), pk=number)
    invitations.withdraw(by=access, invitation=invitation)
    say_saved(request, _("The invitation no longer works."))
    return redirect("plans:people", slug=access.plan.slug)


@plan_page(Permission.GOVERN, post=Permission.GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Change a member's role and function."""
    found = get_object_or_404(Membership.objects.select_related("user"), plan=access.plan, pk=number)
    form = MemberForm(request.POST or None, initial={"role": found.role, "function": found.function})
    if request.method == "POST" and form.is_valid():
        actions.change_member(by=access, member=found, **form.cleaned_data)
        say_saved(request, _("The role is changed."))
        return redirect("plans:people", slug=access.plan.slug)
    return show(
        request, "member", access, "people", form=form, member=found, status=422 if form.errors else 200
    )


def _duties(access: Access, person: User) -> list[tuple[str, str]]:
    """Return title and page of what a person was to do, for whoever goes on with it."""
    tasks = [
        (
            _("Task: {title}").format(title=line.title),
            address("plans:task", slug=access.plan.slug, key=line.key),
        )
        for step in plan_work(access.plan).values()
        for line in step.tasks
        if line.owner_id == person.pk and line.state in {"open", "said"}
    ]
    more = [one.duties(access, person) for one in additions() if one.duties is not None]
    return [*tasks, *(duty for duties in more for duty in duties)]


@plan_page()
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """End a membership: an owner ends anyone's, a person the own one."""
    found = get_object_or_404(Membership.objects.select_related("user"), plan=access.plan, pk=number)
    mine = found.user_id == request.user.pk
    if not mine and not access.permits(Permission.GOVERN):
        raise NotAllowed(_("Only owners can end the membership of others."))
    if request.method == "POST":
        actions.remove_member(by=access, member=found)
        say_saved(request, _("The membership has ended."))
        return redirect("plans:list") if mine else redirect("plans:people", slug=access.plan.slug)
    name = found.user.get_full_name()
    return show(
        request,
        "remove",
        access,
        "people",
        heading=_("Leave this plan") if mine else _("End the membership of {name}").format(name=name),
        stays=_("What was written stays, with its author’s name. Tasks become free for others."),
        duties=_duties(access, found.user),
        word=_("Leave this plan") if mine else _("End this membership"),
        back=address("plans:people", slug=access.plan.slug),
    )
