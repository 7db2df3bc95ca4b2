"""The pages of django-allauth that we offer, each with our own template; no other page of it has an address."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app_codes
from allauth.mfa.webauthn import views as security_keys
from allauth.socialaccount import views as single_sign_on
from django.urls import path, re_path

from upward.web.accounts.views import sign_up_closed, single_sign_on_back, single_sign_on_start

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", sign_up_closed, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/sign-in/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", app_codes.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", app_codes.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "second-factor/codes/file/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("second-factor/keys/", security_keys.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/keys/new/", security_keys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "second-factor/keys/confirm/",
        security_keys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-factor/keys/<int:pk>/", security_keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", security_keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("single-sign-on/cancelled/", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("single-sign-on/error/", single_sign_on.login_error, name="socialaccount_login_error"),
    path("single-sign-on/new/", single_sign_on.signup, name="socialaccount_signup"),
    path("single-sign-on/", single_sign_on.connections, name="socialaccount_connections"),
    path("single-sign-on/<str:provider_id>/", single_sign_on_start, name="openid_connect_login"),
    path("single-sign-on/<str:provider_id>/back/", single_sign_on_back, name="openid_connect_callback"),
]
