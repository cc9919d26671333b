"""One page for each diagnostic: what it means, why it matters, an example, how to fix it."""

from __future__ import annotations

from importlib import resources


def names() -> list[str]:
    """Return the name of every diagnostic, sorted."""
    folder = resources.files(__name__)
    return sorted(entry.name.removesuffix(".md") for entry in folder.iterdir() if entry.name.endswith(".md"))


def page(name: str) -> str | None:
    """Return the page of a diagnostic, or None when there is no diagnostic of that name."""
    if not name.replace("-", "").isalnum():
        return None
    file = resources.files(__name__).joinpath(f"{name}.md")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def summary(name: str) -> str | None:
    """Return the one line below a page's title."""
    text = page(name)
    if text is None:
        return None
    return next((line.strip() for line in text.splitlines()[1:] if line.strip()), None)
