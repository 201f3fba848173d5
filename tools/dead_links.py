"""Follow every link of a built site to a file and an anchor of the same site.

python -m tools.dead_links SITE     counts them; a dead one is an error

Addresses on other servers are counted and not asked for.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """Links and anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag's target and its name."""
        for name, value in attrs:
            if value and name in ("href", "src"):
                self.links.append(value)
            if value and (name == "id" or (tag == "a" and name == "name")):
                self.anchors.add(value)


@cache
def read(path: Path) -> _Page:
    """Return a page's links and anchors."""
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


def dead(path: Path, link: str) -> bool:
    """Whether a link of a page leads nowhere in its site."""
    parts = urlsplit(link)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return True
    anchor = unquote(parts.fragment)
    return bool(anchor) and target.suffix == ".html" and anchor not in read(target).anchors


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.dead_links", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("site", type=Path)
    site = parser.parse_args().site.resolve()
    followed, elsewhere, found = 0, set(), []
    for path in sorted(site.rglob("*.html")):
        for link in read(path).links:
            if urlsplit(link).scheme or link.startswith("//"):
                elsewhere.add(link)
                continue
            followed += 1
            if dead(path, link):
                found.append(f"{path.relative_to(site)}: {link}")
    elsewhere = {link for link in elsewhere if link.startswith("http")}
    print(f"{followed:,} links followed, {len(elsewhere):,} addresses elsewhere not asked for")
    if found:
        sys.exit("\n".join(["Dead links:", *found]))


if __name__ == "__main__":
    main()
