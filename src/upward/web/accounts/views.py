"""Pages of the own account, and the first visit of an installation's owner."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from upward.base.errors import RefusedError
from upward.base.messages import _, current_language
from upward.web.accounts import actions
from upward.web.accounts.address_change import new_address_proof, proven_address, send_new_address_proof
from upward.web.accounts.forms import AccountForm, ApiTokenForm, NewAddressForm, NewPersonForm
from upward.web.accounts.models import ApiToken, User
from upward.web.accounts.sign_in import signed_in
from upward.web.accounts.tokens import calendar_token
from upward.web.core.templating import address, site_address

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first account, for whoever holds the one-time link that the server printed."""
    if limited := ratelimit.consume_or_429(request, action="signup"):
        return limited
    if actions.open_owner_link(token) is None or User.objects.exists():
        raise Http404
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.use_owner_link(
                token=token,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=get_language() or "en",
            )
        except RefusedError:
            raise Http404 from None
        login(request, person, backend=BACKEND)
        messages.success(request, _("Your account is ready. You look after this installation."))
        return redirect("plans:new")
    return render(request, "accounts/first_visit.html", {"form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change the own account."""
    person = request.user
    initial = {"name": person.name, "language": person.language, "digest": person.digest}
    form = AccountForm(request.POST or None, initial=initial, has_address=person.has_address)
    if request.method == "POST" and form.is_valid():
        actions.change_account(by=person, **{**initial, **form.cleaned_data})
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:account")
    feed = request.build_absolute_uri(address("plans:feed", token=calendar_token(person)))
    return render(request, "accounts/account.html", {"form": form, "feed": feed})


@signed_in
@reauthentication_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address of the own account, and send a link there; no account is looked for.

    Where no mail is sent nothing can show whose address it is: the page says who can set it.
    """
    person = request.user
    if not settings.OPTIONS.sends_mail:
        return render(request, "accounts/new_address.html", {"form": None})
    form = NewAddressForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if limited := ratelimit.consume_or_429(request, action="new_address", user=person):
            return limited
        try:
            # Too many mails to one address end in silence: others may have asked for them.
            if ratelimit.consume(request, action="new_address_mails", key=email):
                path = address("accounts:confirm_address", proof=new_address_proof(person, email))
                send_new_address_proof(
                    to=email, link=site_address(request, path), language=current_language()
                )
        except RefusedError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("accounts:new_address_sent")
    return render(request, "accounts/new_address.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_safe
def new_address_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way if the address can be used; the page is the same for every address."""
    return render(request, "accounts/new_address_sent.html")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, proof: str) -> HttpResponse:
    """Ask once more before the address changes: programs that look into mail follow links, and press no buttons."""
    email = proven_address(request.user, proof)
    problem = ""
    if email and request.method == "POST":
        try:
            actions.change_address(by=request.user, person=request.user, email=email)
        except RefusedError as refused:
            problem = str(refused)
        else:
            messages.success(
                request, _("Your address is changed. You sign in with {email}.").format(email=email)
            )
            return redirect("accounts:account")
    return render(
        request,
        "accounts/confirm_address.html",
        {"email": email, "problem": problem},
        status=404 if not email else 422 if problem else 200,
    )


@signed_in
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Give the own calendar a new address."""
    actions.renew_calendar(by=request.user)
    messages.success(request, _("Your calendar has a new address. The old one no longer works."))
    return redirect("accounts:account")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the own tokens of the JSON API and make one; a new one is shown once."""
    form = ApiTokenForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        made = actions.make_api_token(by=request.user, **form.cleaned_data)
        form = ApiTokenForm()
    return render(
        request,
        "accounts/tokens.html",
        {"form": form, "made": made, "tokens": list(request.user.tokens.all())},
    )


@signed_in
@require_POST
def remove_token(request: HttpRequest, number: int) -> HttpResponse:
    """End one of the own tokens."""
    token = get_object_or_404(ApiToken, pk=number, user=request.user)
    actions.remove_api_token(by=request.user, token=token)
    messages.success(request, _("The token “{name}” no longer works.").format(name=token.name))
    return redirect("accounts:tokens")


@require_safe
def sign_up_closed(request: HttpRequest) -> HttpResponse:
    """Say that people come by invitation."""
    return render(request, "account/signup_closed.html")


def provider_answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view of single sign-on a page for the case that its provider does not answer now."""

    @wraps(view)
    def wrapped(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except RequestException:
            return render(request, "socialaccount/authentication_error.html", status=502)

    return wrapped


single_sign_on_start = provider_answers(openid_connect.login)
single_sign_on_back = provider_answers(openid_connect.callback)
