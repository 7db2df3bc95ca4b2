"""The WSGI application, for gunicorn or any other server: `upward.web.config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upward.web.config.settings")
application = get_wsgi_application()
