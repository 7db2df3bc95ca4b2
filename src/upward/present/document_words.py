"""The few words and signs that renderers of documents add of their own, in the language of the document."""

from __future__ import annotations

from upward.base.messages import _, pgettext

#: Marker -> the path of its sign, on a field of 20 by 20, drawn with a line of 1.5.
ICONS = {
    "caution": "M8.5 3a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM12.6 12.6 17.5 17.5",
    "people": "M7 4.4a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2zM2 16.5c0-3 2.2-5 5-5s5 2 5 5M13.8 5.7a2.1 2.1 0 1 1 0 4.2a2.1 "
    "2.1 0 1 1 0-4.2zM13.8 11.6c2.4 0 4.2 1.8 4.2 4.3",
    "key": "M7 14.5c0-1.6-2.5-3-2.5-6a5.5 5.5 0 1 1 11 0c0 3-2.5 4.4-2.5 6zM7.5 17h5",
}
COLORS = {"caution": "#8a5300", "people": "#6a3d9a", "key": "#1f5fa8"}


def shared_words() -> dict[str, str]:
    """Return the words of markers and of the link to a figure's table, in the language in force."""
    return {
        "caution": _("Caution:"),
        "people": _("Community:"),
        "key": _("Key concept:"),
        "table": pgettext("link from a figure", "Numbers as a table"),
    }


def marker_icons() -> dict[str, str]:
    """Return the sign of each marker as an SVG file."""
    return {
        marker: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20"><path d="{path}" '
        f'fill="none" stroke="{COLORS[marker]}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>'
        for marker, path in ICONS.items()
    }
