"""What django-allauth is told about the provider of single sign-on."""

from __future__ import annotations

from typing import Any

from upward.web.config.options import SingleSignOn

PROVIDER = "single-sign-on"


def provider_settings(provider: SingleSignOn | None) -> dict[str, Any]:
    """Return SOCIALACCOUNT_PROVIDERS: OpenID Connect by the code flow with PKCE (RFC 7636), or no provider at all."""
    if provider is None:
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
    app = {
        "provider_id": PROVIDER,
        "name": provider.name,
        "client_id": provider.client_id,
        "secret": provider.client_secret,
        "settings": {"server_url": provider.issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
