"""Every word that is shown to people comes from here: one catalogue, one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter

from faults import Fault, InputError, SolverError

Entry = str | Mapping[str, str]  # a plural has the forms "one" and "other" and is chosen by ``count``
PLURAL = frozenset({"one", "other"})


def say(key: str, language: str = "en", **values: object) -> str:
    """Return a message in a language.

    Parameters
    ----------
    key
        Dotted name in the catalogue, for example ``"report.title"``.
    language
        A language that has a catalogue, see :func:`languages`.
    values
        What stands in the braces of the message. ``count`` also chooses between the forms ``one`` and ``other``.

    Raises
    ------
    SolverError
        ``message-unknown`` for a key that is not in the catalogue, ``message-value-missing`` for a value not given.
    InputError
        ``language-unknown`` for a language without a catalogue.
    """
    entry = catalogue(language).get(key)
    if entry is None:
        raise SolverError(
            Fault(
                code="message-unknown",
                place=f"{language}.toml",
                cause=f"there is no message {key!r}",
                action="add it to the catalogue",
            )
        )
    text = entry if isinstance(entry, str) else entry["one" if values.get("count") in (1, "1") else "other"]
    try:
        return text.format(**values)
    except (KeyError, IndexError) as error:
        raise SolverError(
            Fault(
                code="message-value-missing",
                place=f"{language}.toml, {key}",
                cause=f"the message needs a value for {error}",
                action="give it where the message is said",
            )
        ) from error


def known(key: str, language: str = "en") -> bool:
    """Return whether the catalogue has a message: for names that plug-ins bring, such as figures."""
    return key in catalogue(language)


def placeholders(entry: Entry) -> frozenset[str]:
    """Return the names in the braces of a message, over all its forms."""
    forms = (entry,) if isinstance(entry, str) else tuple(entry.values())
    return frozenset(name for form in forms for _, name, _, _ in Formatter().parse(form) if name)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue."""
    names = (item.name for item in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def catalogue(language: str) -> Mapping[str, Entry]:
    """Return all messages of a language by dotted key."""
    if language not in languages():
        raise InputError(
            Fault(
                code="language-unknown",
                place="language",
                cause=f"there are no messages in {language!r}",
                action=f"use one of: {', '.join(languages())}",
            )
        )
    tree = tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, Entry]]:
    entries: list[tuple[str, Entry]] = []
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            entries.append((key, value))
        elif isinstance(value, Mapping) and value and set(value) <= PLURAL:
            entries.append((key, {form: str(text) for form, text in value.items()}))
        elif isinstance(value, Mapping):
            entries += _flat(value, f"{key}.")
        else:
            raise TypeError(f"{key} is neither text nor a table")
    return entries
