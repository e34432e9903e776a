"""The options that commands share, and the flags of ``kouan run``, made of the settings so that none is forgotten."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.settings import Settings, explained

RULES_VARIABLE = "KOUAN_RULES"
WHITELIST_VARIABLE = "KOUAN_WHITELIST"

Rules = Annotated[
    Path,
    typer.Option(
        "--rules",
        envvar=RULES_VARIABLE,
        metavar="DIR",
        help="Folder that holds whitelist.yaml, policies/ and classifiers/.",
        show_default="the current folder",
    ),
]
Whitelist = Annotated[
    Path | None,
    typer.Option(
        "--whitelist",
        envvar=WHITELIST_VARIABLE,
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="This whitelist, and datasets/ beside it, in the place of those in the folder of rules.",
        show_default="that of the rules",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Language(StrEnum):
    """The languages in which sentences can be had."""

    EN = "en"
    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    PT = "pt"


def with_settings(run: Callable[[dict[str, str | None]], None]) -> Callable[..., None]:
    """Give ``run``, which takes the flags as a dict, one string option for each setting."""

    def command(**flags: str | None) -> None:
        run(flags)

    command.__doc__ = run.__doc__
    command.__name__ = run.__name__
    # typer reads the parameters of a command from its signature.
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[str | None, _flag(name, default, text)],
            )
            for name, default, text in explained()
        ]
    )
    return command


_KINDS = {item.name: str(item.type) for item in fields(Settings)}
_METAVARS = {
    "Path": "PATH",
    "Path | None": "PATH",
    "int": "N",
    "float": "SECONDS",
    "str": "TEXT",
    "Mapping[str, tuple[str, int]]": "HOST=ADDRESS:PORT",
    "Mapping[str, str]": "ENTITY=CATEGORY",
}


def _flag(name: str, default: str, text: str) -> Any:
    shown = {"": "none", "None": "none", "{}": "none"}.get(default, default)
    return typer.Option(
        f"--{name.replace('_', '-')}",
        metavar=_METAVARS[_KINDS[name]],
        envvar=f"KOUAN_{name.upper()}",
        help=text,
        show_default=shown,
    )
