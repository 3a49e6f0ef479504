"""Pages from the templates beside this file: every text is escaped, cleaned and cut, and leads nowhere."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cdk_inference import __version__
from cdk_inference.cli.formatters.base import clean
from cdk_inference.cli.formatters.columns import cut_names

TEXT_MAX = 2000  # characters of one text
LIST_MAX = 200  # lines of one list
NAME_MAX = 38  # characters of a name in a chart or a table


def render(template: str, **values: object) -> str:
    """Returns the page that `template` makes of `values`."""
    return _environment().get_template(template).render(version=__version__, **values).rstrip("\n")


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals["list_max"] = LIST_MAX
    return made


def _shown(value: object) -> object:
    """Of a text, at most so many characters that can be shown, without the scheme of addresses."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = clean(value).replace("https://", "").replace("http://", "")
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"


class Names:
    """Names in a page: long ones lose their middle, and the whole name is their title."""

    def __init__(self, names: Iterable[str], most: int = NAME_MAX) -> None:
        self._short: Mapping[str, str] = cut_names([clean(name) for name in names], most)

    def __call__(self, name: str) -> Markup:
        """Returns the name as it is shown."""
        whole = clean(name)
        short = self._short.get(whole, whole)
        if short == whole:
            return escape(_shown(whole))
        return Markup('<span title="{}">{}</span>').format(_shown(whole), _shown(short))


def link(address: str, text: str) -> Markup:
    """A link to one of the project's own pages; text alone for anything but a web address."""
    if not address.startswith(("https://", "http://")):
        return escape(clean(text))
    return Markup('<a href="{}">{}</a>').format(clean(address), clean(text))


def percent(part: float, whole: float) -> str:
    """A length in a drawing that is 100 wide."""
    return f"{100 * part / whole:.2f}" if whole > 0 else "0"


def sections(*listed: tuple[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """The lists that have a line."""
    return [(title, lines) for title, lines in listed if lines]
