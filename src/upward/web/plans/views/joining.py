"""Coming in by an invitation: with a link that was mailed, or one that was passed on.

Before someone has shown that an address is theirs, no answer depends on whether it has an account. Where mail is sent,
a link that was passed on only has another mailed. Where none is sent, a link for several people asks for no address.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.errors import RefusedError
from upward.base.messages import _, current_language
from upward.web.accounts.forms import AddressForm, NamedPersonForm, NewPersonForm
from upward.web.accounts.models import User, normal_address
from upward.web.accounts.views import BACKEND
from upward.web.core.forms import HouseForm
from upward.web.core.templating import address, site_address
from upward.web.plans import invitations
from upward.web.plans.models import Invitation
from upward.web.plans.policies import ROLES


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation: who is signed in accepts with one button, others sign in, or come for the first time."""
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="signup")):
        return limited
    invitation = invitations.open_invitation(token)
    if invitation is None:
        return over(request)
    if request.user.is_authenticated:
        return accept_signed_in(request, invitation)
    if settings.OPTIONS.sends_mail:
        return ask_for_mail(request, invitation, token)
    form = (
        NewPersonForm(typed(request), fixed_email=invitation.email)
        if invitation.email
        else NamedPersonForm(typed(request))
    )
    # The county's provider shows whose address it is; without one, nothing else asks.
    return come_in(request, invitation, form, verified=not settings.OPTIONS.single_sign_on)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_by_mail(request: HttpRequest, proof: str) -> HttpResponse:
    """Show an invitation to someone who reads the mail of an address: now it may be said that it has an account."""
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="signup")):
        return limited
    found = invitations.mailed_invitation(proof)
    if found is None:
        return over(request)
    invitation, email = found
    if request.user.is_authenticated:
        return accept_signed_in(request, invitation)
    if User.objects.filter(email=email).exists():
        return show_invitation(request, invitation, email=email, known=True)
    form = NewPersonForm(typed(request), fixed_email=email)
    return come_in(request, invitation, form, verified=True)


@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Say that a mail is on its way if the address can be used; the page is the same for every address and link."""
    return render(request, "plans/accept_sent.html", {"back": address("plans:accept", token=token)})


def accept_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Ask someone with an account, and make them a member."""
    problem = ""
    if request.method == "POST":
        try:
            invitations.accept(invitation=invitation, person=request.user)
        except RefusedError as refused:
            problem = str(refused)
        else:
            messages.success(request, _("Welcome. Here is what to do first."))
            return redirect("plans:home", slug=invitation.plan.slug)
    return show_invitation(request, invitation, problem=problem)


def ask_for_mail(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Send the way in to the address of the invitation, or to the one that is typed; no account is looked for."""
    form = HouseForm(typed(request)) if invitation.email else AddressForm(typed(request))
    problem = ""
    if request.method == "POST" and form.is_valid():
        email = invitation.email or normal_address(form.cleaned_data["email"])
        if limited := ratelimit.consume_or_429(request, action="invitations_of_link", key=str(invitation.pk)):
            return limited
        if ratelimit.consume(request, action="invitations_to_address", key=email):
            problem = mail_way_in(request, invitation, email)
        if not problem:
            return redirect("plans:accept_sent", token=token)
        form.add_error(None, problem)
    return show_invitation(request, invitation, form=form, email=invitation.email, by_mail=True)


def come_in(
    request: HttpRequest, invitation: Invitation, form: NewPersonForm, *, verified: bool
) -> HttpResponse:
    """Make an account and its membership, and sign the person in."""
    if request.method == "POST" and form.is_valid():
        try:
            person, _member = invitations.accept_as_new_person(
                invitation=invitation,
                email=form.fixed_email,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=get_language() or "en",
                verified=verified,
            )
        except RefusedError:
            form.add_error(
                None, _("This address cannot be used here. If you have an account, sign in first.")
            )
        else:
            login(request, person, backend=BACKEND)
            said = (
                _("Welcome. Here is what to do first.")
                if person.has_address
                else _(
                    "Welcome. You sign in with {name} and your password. Your account page shows it again."
                )
            )
            messages.success(request, said.format(name=person.sign_in_name))
            return redirect("plans:home", slug=invitation.plan.slug)
    email = form.fixed_email if "sign_in_name" not in form.fields else ""
    return show_invitation(request, invitation, form=form, email=email)


def show_invitation(
    request: HttpRequest,
    invitation: Invitation,
    *,
    form: HouseForm | None = None,
    email: str = "",
    problem: str = "",
    known: bool = False,
    by_mail: bool = False,
) -> HttpResponse:
    """Return the page of an invitation, with a form for those who are not signed in."""
    return render(
        request,
        "plans/accept.html",
        {
            "invitation": invitation,
            "role": ROLES[invitation.role],
            "form": form,
            "email": email,
            "problem": problem,
            "known": known,
            "by_mail": by_mail,
        },
        status=422 if problem or (form is not None and form.errors) else 200,
    )


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, be it nothing but its button."""
    return request.POST if request.method == "POST" else None


def over(request: HttpRequest) -> HttpResponse:
    """Return the page of an invitation that no longer works."""
    return render(request, "plans/invitation_over.html", status=404)


def mail_way_in(request: HttpRequest, invitation: Invitation, email: str) -> str:
    """Send an invitation to an address; return what is wrong where no mail can be sent now, else an empty text."""
    path = address("plans:accept_by_mail", proof=invitations.mailed_proof(invitation, email))
    try:
        invitations.send_invitation(
            invitation, to=email, link=site_address(request, path), language=current_language()
        )
    except RefusedError as problem:
        return str(problem)
    return ""
