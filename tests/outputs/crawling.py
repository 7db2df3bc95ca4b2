"""Walking a folder of pages: every link and every loaded file must be there, fragments too."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from reading_html import parse

#: Element -> its attributes that lead somewhere.
LEADING = {"a": "href", "link": "href", "script": "src", "img": "src"}


class Crawl:
    """What was found from the start pages: pages reached, and links that lead nowhere."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.pages: dict[Path, object] = {}
        self.broken: list[str] = []
        self.outside: set[str] = set()
        self._ids: dict[Path, set[str]] = {}

    def walk(self, *starts: str) -> Crawl:
        """Follow every link from the start pages on."""
        waiting = [self.root / start for start in starts]
        while waiting:
            path = waiting.pop()
            if path in self.pages:
                continue
            tree = parse(path.read_text(encoding="utf-8"))
            self.pages[path] = tree
            for target in targets(tree):
                found = self._check(path, target)
                if found is not None and found.suffix == ".html" and found not in self.pages:
                    waiting.append(found)
        return self

    def _check(self, page: Path, target: str) -> Path | None:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            self.outside.add(target)
            return None
        path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not path.is_file() or self.root not in path.parents:
            self.broken.append(f"{page.relative_to(self.root)}: {target}")
            return None
        if parts.fragment and parts.fragment not in self._ids_of(path):
            self.broken.append(f"{page.relative_to(self.root)}: {target} (no such place)")
        return path

    def _ids_of(self, path: Path) -> set[str]:
        if path not in self._ids:
            tree = self.pages.get(path) or parse(path.read_text(encoding="utf-8"))
            self._ids[path] = {element.get("id") for element in tree.iter() if element.get("id")}
        return self._ids[path]


def targets(tree) -> list[str]:
    """Return every address that a page leads to or loads; links inside drawings too."""
    found = []
    for element in tree.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in LEADING and element.get(LEADING[name]) is not None:
            found.append(element.get(LEADING[name]))
    return found
