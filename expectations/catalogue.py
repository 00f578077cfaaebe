"""The catalogue: every declaration found by importing the files of a folder."""

import pkgutil
from importlib import import_module
from types import ModuleType

from expectations import sources as shipped
from expectations.source import Source


def catalogue(package: ModuleType = shipped) -> dict[str, type[Source]]:
    """Return the declared sources of a package by name, in order of name.

    A source is found because its file is there; nothing lists it.
    """
    modules = [import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    found = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Source) and value.__module__ == module.__name__
    ]
    return {source.name: source for source in sorted(found, key=lambda source: source.name)}


def about_people() -> list[type[Source]]:
    """Return the declared sources with a row for each person or case, in order of name."""
    return [source for source in catalogue().values() if source.record_level]
