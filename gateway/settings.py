"""Every setting of the gateway: one frozen value, safe defaults, read once at the door.

A setting comes from a flag of ``kouan run``, else from the environment (``KOUAN_`` and its name in capitals),
else from the default below. Nothing else in the house reads the environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gateway.vocabulary import Limits

MODE = re.compile(r"regular|transparent|reverse:https?://[A-Za-z0-9.\-\[\]:]+")
SIZE = re.compile(r"([0-9]+)\s*(|K|M|G)i?B?", re.IGNORECASE)


_COUNTS = (
    *("workers", "connections", "max_body", "max_header", "max_depth", "max_ratio", "max_unpacked", "max_members"),
    *("max_layers", "max_segments", "parsers", "parser_memory"),
)


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it, its value and what is expected."""


def _setting(default: Any, text: str) -> Any:
    """Declare a setting with its default and its one-line explanation."""
    metadata = {"help": text}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. ``help`` of each field is what README and ``kouan run --help`` print."""

    rules: Path = _setting(Path(), "folder that holds whitelist.yaml, policies/ and classifiers/")
    whitelist: Path | None = _setting(
        None, "another whitelist, with datasets/ beside it, in the place of those in the folder of rules"
    )
    state_dir: Path = _setting(Path("var"), "folder for what the gateway writes: ledger, keys, CA")
    headcount_key: Path | None = _setting(
        None, "file with the key under which people are counted; headcount.key in the state folder where empty"
    )
    gateway_id: str = _setting("kouan", "name of this gateway in records and metrics")
    listen_host: str = _setting("127.0.0.1", "address to listen on")
    listen_port: int = _setting(8080, "port to listen on")
    mode: str = _setting("regular", "regular, transparent or reverse:https://HOST[:PORT]")
    workers: int = _setting(1, "worker processes that share the port and the ledger")
    metrics_host: str = _setting("127.0.0.1", "address of the metrics endpoint")
    metrics_port: int = _setting(9464, "port of the metrics endpoint; 0 for none")
    log_host: str = _setting("127.0.0.1", "address at which the ledger can be read as a transparency log")
    log_port: int = _setting(0, "port at which it can: checkpoint, tiles, receipts; 0 for none")
    connections: int = _setting(1000, "client connections that each worker serves at a time (503 beyond)")
    max_body: int = _setting(8 * 1024 * 1024, "largest body in bytes, as sent and once decompressed (413 beyond)")
    max_header: int = _setting(64 * 1024, "largest header section in bytes (431 beyond)")
    max_depth: int = _setting(64, "deepest nesting of a body that is still read")
    max_ratio: int = _setting(200, "largest ratio of decompressed to compressed size")
    max_unpacked: int = _setting(64 * 1024 * 1024, "bytes that may come out of all documents in one message")
    max_members: int = _setting(50_000, "documents and encoded values in one message that are still read")
    max_layers: int = _setting(8, "documents within documents that are still read")
    max_segments: int = _setting(200_000, "values of one text that are still read")
    read_seconds: float = _setting(2.0, "seconds for reading each MiB of a message, and one of less")
    parsers: int = _setting(2, "processes of each worker for parsers that are native or slow (PDF, Parquet ...)")
    parser_memory: int = _setting(256 * 1024 * 1024, "bytes of memory that such a process may take")
    ocr_languages: str = _setting("", "languages of words in pictures, such as chi_sim+eng; empty: they stay opaque")
    ocr_data: Path | None = _setting(None, "folder of the engine's language data; Debian's where empty")
    presidio_files: str = _setting("", "recogniser files of presidio, with colons between; they look at every value")
    presidio_categories: Mapping[str, str] = _setting(
        {}, "ENTITY=CATEGORY,... : what an entity of presidio is here; with no category it is left out"
    )
    nlp_configuration: Path | None = _setting(None, "NLP configuration file of presidio; a model is never downloaded")
    body_timeout: float = _setting(30.0, "seconds in which a request must have arrived in full (408 beyond)")
    upstream_timeout: float = _setting(60.0, "seconds in which an upstream must have answered in full (504 beyond)")
    upstream_ca: Path | None = _setting(None, "PEM file of further authorities to trust for upstreams")
    client_ca: Path | None = _setting(None, "PEM file of the authorities whose client certificates identify parties")
    checkpoint_seconds: float = _setting(1.0, "a signed checkpoint is at most this far behind the newest entry")
    retention_years: int = _setting(
        3, "years that what opens a commitment is kept after the later of transfer and end of basis; 3 or more"
    )
    drain_seconds: float = _setting(10.0, "seconds that exchanges in flight are given at a stop")
    log_level: str = _setting("info", "debug, info, warning or error")
    reload: str = _setting("watch", "watch (files of the rules, and SIGHUP) or signal (SIGHUP alone)")
    rulebook_max_age: float = _setting(
        0.0, "seconds for which faulty rules may leave the last good ones in force, then all is refused; 0: for ever"
    )
    approvals_override: str = _setting(
        "", "TOKEN: REASON, to start with other officers though the former did not sign; kouan run tells the token"
    )
    contact: str = _setting("", "whom a refused sender should ask; whitelist.yaml's contact where empty")
    resolve: Mapping[str, tuple[str, int]] = _setting(
        {}, "HOST=ADDRESS:PORT,... : names that are not looked up, for tests and closed networks"
    )

    def __post_init__(self) -> None:
        """Refuse what cannot work, by name."""
        if not MODE.fullmatch(self.mode):
            raise BadSetting(f"mode {self.mode!r}: expected regular, transparent or reverse:https://HOST[:PORT]")
        if self.log_level not in ("debug", "info", "warning", "error"):
            raise BadSetting(f"log_level {self.log_level!r}: expected debug, info, warning or error")
        if self.reload not in ("watch", "signal"):
            raise BadSetting(f"reload {self.reload!r}: expected watch or signal")
        if not 0 <= self.rulebook_max_age < float("inf"):
            raise BadSetting(f"rulebook_max_age {self.rulebook_max_age}: expected seconds, 0 for no end")
        if self.retention_years < 3:  # PIPL arts. 55-56, Network Data Security Management Regulations art. 12
            raise BadSetting(f"retention_years {self.retention_years}: expected 3 or more")
        self._refuse_numbers()

    def _refuse_numbers(self) -> None:
        for name in _COUNTS:
            if getattr(self, name) < 1:
                raise BadSetting(f"{name} {getattr(self, name)}: expected 1 or more")
        for name in ("body_timeout", "upstream_timeout", "checkpoint_seconds", "drain_seconds", "read_seconds"):
            if not 0 < getattr(self, name) < 86_400:
                raise BadSetting(f"{name} {getattr(self, name)}: expected seconds, more than 0 and less than a day")
        for name in ("listen_port", "metrics_port", "log_port"):
            if not 0 <= getattr(self, name) <= 65_535:
                raise BadSetting(f"{name} {getattr(self, name)}: expected a port, 0 to 65535")

    @property
    def words(self) -> Mapping[str, str]:
        """How words in pictures are read; empty where they are not."""
        if not self.ocr_languages:
            return {}
        return {"languages": self.ocr_languages, "data": str(self.ocr_data or "/usr/share/tesseract-ocr/5/tessdata")}

    @property
    def headcount_key_file(self) -> Path:
        """Where the key of the fingerprints is: beside the ledger's own, never in the ledger."""
        return self.headcount_key or self.state_dir / "headcount.key"

    @property
    def limits(self) -> Limits:
        """The bounds that ``decode`` keeps."""
        return Limits(
            body=self.max_body,
            ratio=self.max_ratio,
            depth=self.max_depth,
            segments=self.max_segments,
            unpacked=self.max_unpacked,
            members=self.max_members,
            layers=self.max_layers,
            seconds=self.read_seconds,
            memory=self.parser_memory,
        )


def _size(text: str) -> int:
    """Read a number that may bear K, M or G (powers of 1024)."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError("expected a whole number, with K, M or G if you like")
    return int(match[1]) * int(1024 ** " KMG".index(match[2].upper() or " "))


def _resolve(text: str) -> dict[str, tuple[str, int]]:
    """Read ``HOST=ADDRESS:PORT,...``."""
    table: dict[str, tuple[str, int]] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        host, equals, address = item.partition("=")
        name, colon, port = address.rpartition(":")
        if not (equals and colon and port.isdecimal()):
            raise ValueError("expected HOST=ADDRESS:PORT, separated by commas")
        table[host.lower()] = (name.strip("[]"), int(port))
    return table


def _categories(text: str) -> dict[str, str]:
    """Read ``ENTITY=CATEGORY,...``."""
    table: dict[str, str] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        entity, equals, category = item.partition("=")
        if not (equals and entity.strip()):
            raise ValueError("expected ENTITY=CATEGORY, separated by commas")
        table[entity.strip()] = category.strip()
    return table


_READERS: Mapping[str, Any] = {
    "int": _size,
    "float": float,
    "str": str,
    "Path": Path,
    "Path | None": lambda text: Path(text) if text else None,
    "Mapping[str, tuple[str, int]]": _resolve,
    "Mapping[str, str]": _categories,
}


def read(environ: Mapping[str, str], **flags: object) -> Settings:
    """Build the settings out of ``environ`` and ``flags`` (None: not given). Raises ``BadSetting``."""
    values: dict[str, Any] = {}
    for item in fields(Settings):
        variable = f"KOUAN_{item.name.upper()}"
        given = flags.get(item.name)
        given = environ.get(variable) if given is None else given
        if given is None:
            continue
        if isinstance(given, str):
            try:
                given = _READERS[str(item.type)](given)
            except ValueError as fault:
                raise BadSetting(f"{variable}={given!r}: {fault}") from None
        values[item.name] = given
    unknown = sorted(name for name in environ if name.startswith("KOUAN_") and name[6:].lower() not in _NAMES)
    if unknown:
        raise BadSetting(f"{unknown[0]}: there is no such setting")
    return Settings(**values)


_NAMES = frozenset(item.name for item in fields(Settings))


def explained() -> list[tuple[str, str, str]]:
    """Name, default and explanation of every setting, in order."""
    bare = Settings()
    return [(item.name, str(getattr(bare, item.name)), item.metadata["help"]) for item in fields(Settings)]
