"""How the workbench is put together: options, Django settings, addresses, the WSGI application."""
