"""Every metric of the house, in one list.

Labels come from closed sets or from the rulebook (verdict, leg, entry, rule, room), never from traffic: no
subject, host or address of a stranger ever becomes a label, for privacy and for cardinality. With several
workers ``PROMETHEUS_MULTIPROC_DIR`` is set before this module is imported, and figures add up across them.
"""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

TRANSFERS = Counter(
    "kouan_transfers_total",
    "Transfers judged, by verdict, leg, jurisdictions of exporter and recipient, and whitelist entry.",
    ("verdict", "leg", "route", "entry"),
)
REASONS = Counter(
    "kouan_reasons_total", "Reasons given in decisions, by rule and by verdict it asked for.", ("rule", "verdict")
)
BYTES = Counter("kouan_body_bytes_total", "Bytes of bodies judged, by verdict and leg.", ("verdict", "leg"))
NEAR_HITS = Counter(
    "kouan_near_hits_total", "Identifiers inside runs of letters and digits such as base64, which are no findings."
)
OPAQUE = Counter("kouan_opaque_parts_total", "Parts that nobody could read, by reason.", ("reason",))
DEPARTURES = Counter(
    "kouan_dataset_departures_total",
    "How payloads depart from the dataset of an entry, by code; a flow that begins to drift shows here first.",
    ("entry", "code"),
)
FAULTS = Counter("kouan_faults_total", "Refusals for which the house itself is the cause, by kind.", ("fault",))
CONNECTIONS = Gauge("kouan_connections", "Client connections that are open.", multiprocess_mode="livesum")
CONNECTIONS_REFUSED = Counter(
    "kouan_connections_refused_total", "Client connections turned away since there were as many as may be."
)
ROOM_SECONDS = Histogram(
    "kouan_room_seconds",
    "Time spent in each room of the corridor, of one transfer in eight.",
    ("room",),
    buckets=(25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 1.0),
)
LEDGER_ENTRIES = Gauge("kouan_ledger_entries", "Entries in the ledger.", multiprocess_mode="mostrecent")
LEDGER_BYTES = Gauge("kouan_ledger_bytes", "Size of the ledger on disk.", multiprocess_mode="mostrecent")
LEDGER_LAG = Gauge(
    "kouan_ledger_checkpoint_lag_seconds",
    "Age of the oldest entry that no checkpoint covers.",
    multiprocess_mode="mostrecent",
)
STANDING_SHARE = Gauge(
    "kouan_standing_share",
    "Part of a limit that an exporter has used, 1 for all of it: exporter or group, scope, and what sets the limit.",
    ("exporter", "scope", "limit"),
    multiprocess_mode="mostrecent",
)
STANDING_OVERTAKEN = Counter(
    "kouan_standing_overtaken_total",
    "Transfers refused since others were counted between their decision and their entry.",
)
RULEBOOK = Gauge(
    "kouan_rulebook_info", "1 for the rulebook in force, by its digest.", ("digest",), multiprocess_mode="mostrecent"
)
RULEBOOK_LOADED = Gauge(
    "kouan_rulebook_loaded_timestamp_seconds", "When the rulebook in force was loaded.", multiprocess_mode="mostrecent"
)
RULEBOOK_FAULTY = Gauge(
    "kouan_rulebook_faulty", "1 while the rules in the folder cannot be used.", multiprocess_mode="mostrecent"
)
RULEBOOK_UNSIGNED = Gauge(
    "kouan_rulebook_unsigned",
    "1 while rules or officers in the folder wait for signatures.",
    multiprocess_mode="mostrecent",
)
RULEBOOK_GOOD = Gauge(
    "kouan_rulebook_good_timestamp_seconds",
    "When the rules in the folder were last known to be free of faults; time() minus it is the age of the last good.",
    multiprocess_mode="mostrecent",
)
RULEBOOK_STALE = Gauge(
    "kouan_rulebook_stale",
    "1 while everything is refused, since the rules have been faulty for too long.",
    multiprocess_mode="mostrecent",
)
RELOADS = Counter("kouan_reloads_total", "Looks at the rules in the folder, by what came of it.", ("result",))

ROOMS = ("decode", "classify", "decide", "transform", "ledger")


@lru_cache(maxsize=4096)
def transfers(verdict: str, leg: str, route: str, entry: str) -> Counter:
    """Child of ``TRANSFERS``; kept, since looking a child up by labels costs more than counting."""
    return TRANSFERS.labels(verdict, leg, route, entry)


@lru_cache(maxsize=4096)
def reasons(rule: str, verdict: str) -> Counter:
    """Child of ``REASONS``."""
    return REASONS.labels(rule, verdict)


@lru_cache(maxsize=16)
def body_bytes(verdict: str, leg: str) -> Counter:
    """Child of ``BYTES``."""
    return BYTES.labels(verdict, leg)


@lru_cache(maxsize=4096)
def standing_share(exporter: str, scope: str, limit: str) -> Gauge:
    """Child of ``STANDING_SHARE``."""
    return STANDING_SHARE.labels(exporter, scope, limit)


rooms = {room: ROOM_SECONDS.labels(room) for room in ROOMS}
