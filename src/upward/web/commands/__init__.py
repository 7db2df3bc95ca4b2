"""Commands that the workbench lends to the command line; nothing here loads Django before a command runs."""

from __future__ import annotations

from upward.web.commands.documents import write_map
from upward.web.commands.keeping import backup, migrate, restore
from upward.web.commands.people import user
from upward.web.commands.plans import plan
from upward.web.commands.serving import serve
from upward.web.commands.troubles import explained

COMMANDS = tuple(explained(command) for command in (serve, migrate, user, plan, write_map, backup, restore))
