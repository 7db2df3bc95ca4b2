"""The one style sheet of a site: that of the place page, what the other pages need, and the printed foot."""

from __future__ import annotations

from upward.base.messages import _, use_language
from upward.present.html import FOLDER, css_string, page_style
from upward.present.site.frame import SiteFacts


def site_style(facts: SiteFacts) -> str:
    """Return the style sheet; every page of the site loads it and nothing else."""
    parts = [page_style().strip(), (FOLDER / "assets" / "site.css").read_text(encoding="utf-8").strip()]
    with use_language(facts.languages[0]):
        foot = f"Upward · {_('release {id}').format(id=facts.release.id)}"
        if facts.release.sample:
            foot += f" · {_('Sample data, invented')}"
    parts.append(
        f'@page{{@bottom-left{{content:"{css_string(foot)}"}}@bottom-right{{content:counter(page) " / " counter(pages)}}}}'
    )
    return "\n".join(parts) + "\n"
