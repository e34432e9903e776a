"""The door: native message -> Transfer -> corridor -> native message.

The refusal is in ``flow.response`` before any method here is called (see ``Exchange``); a method that raises leaves
it there. It is taken away in one line, last, on a permit with a receipt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from mitmproxy import connection, http

from gateway.intake import wire
from gateway.intake.destinations import Destinations, Unreachable
from gateway.intake.parties import Directory, Identity, tokens_in
from gateway.intake.passage import PASSAGE, Passage, Session, Trouble
from gateway.intake.proxy_exchange import WEBSOCKET, native
from gateway.intake.proxy_websocket import Message
from gateway.intake.refusal import refusal
from gateway.pipeline import House
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import BEIJING, Envelope, Fault, Leg, Outcome, State, Transfer, Verdict

LEDGER_FIELD = b"X-Kouan-Ledger"
TRANSFER_FIELD = b"X-Kouan-Transfer"
_TEXT = ((b"content-type", b";charset=utf-8"),)
"""All that a text frame declares: UTF-8, and no media type (RFC 6455 section 5.6). A binary one declares nothing."""
_WITH_BODY = frozenset({b"POST", b"PUT", b"PATCH"})


def released(outcome: Outcome) -> bool:
    """Tell whether something may leave: a permit, a durable entry, and a body."""
    return outcome.decision.verdict is Verdict.PERMIT and outcome.receipt is not None and outcome.body is not None


class Door:
    """The addon. One for each worker."""

    name = "door"

    def __init__(self, house: House, destinations: Destinations) -> None:
        """``house`` is the corridor; ``destinations`` are shared with the connections."""
        self.house = house
        self.destinations = destinations
        self._sessions: dict[str, Session] = {}
        self._directory = Directory(house.rulebook)

    @property
    def directory(self) -> Directory:
        """The parties of the rulebook in force."""
        if self._directory.rulebook is not self.house.rulebook:
            self._directory = Directory(self.house.rulebook)
        return self._directory

    def client_connected(self, client: connection.Client) -> None:
        """Begin a session."""
        self._sessions[client.id] = Session(client.peername[0])

    def client_disconnected(self, client: connection.Client) -> None:
        """End a session."""
        self._sessions.pop(client.id, None)

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """Let a tunnel be opened to a listed host; what goes through it is judged all the same."""
        passage: Passage = flow.metadata[PASSAGE]
        session = self._sessions[flow.client_conn.id]
        session.tokens = tokens_in(flow.request.headers.fields)
        session.subject = _subject(flow.client_conn)
        code = next(iter(passage.notices), "")
        if not code and wire.canonical(flow.request.host) not in self.house.rulebook.entries_by_host:
            code = "wire.connect_unlisted"
        if code:
            stranger = not self._identify(flow, passage).party.id
            params = {"sender": "unknown"} if code == "wire.connect_unlisted" and stranger else {}
            await self._refuse(flow, passage, Trouble(code, state=State.COMPLETE), **params)
            return
        flow.response = None

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Say whether the sender of a large body is known; asked before much of it is kept."""
        passage: Passage = flow.metadata[PASSAGE]
        passage.vouched = bool(self._identify(flow, passage).party.id)

    async def request(self, flow: http.HTTPFlow) -> None:
        """Judge a complete request."""
        passage: Passage = flow.metadata[PASSAGE]
        request = flow.request
        transfer = self._asking(flow, passage, request.data.content or b"", State.COMPLETE)
        rulebook = self.house.rulebook
        if request.host in rulebook.entries_by_host:
            try:
                found = await self.destinations.find(request.host, request.port, rulebook)
            except Unreachable as fault:
                whose = Fault.UPSTREAM if fault.code == "unresolved" else Fault.POLICY
                rulebook = self.house.rulebook
                outcome = await self.house.refuse(transfer, f"upstream.{fault.code}", whose)
                self._tell(flow, passage, transfer, outcome, rulebook)
                return
            transfer = replace(transfer, address=found.address)
        rulebook = self.house.rulebook  # another may be adopted while this one judges
        outcome = await self.house.carry(transfer)
        if not released(outcome):
            self._tell(flow, passage, transfer, outcome, rulebook)
            return
        body, receipt = outcome.body, outcome.receipt
        assert body is not None and receipt is not None  # noqa: S101, PT018 - what released() means
        sized = bool(body) or request.data.method in _WITH_BODY
        fields = transfer.envelope.headers
        if passage.offer is not None:
            fields += passage.offer.asking()
        changed = body is not transfer.body
        request.headers.fields = wire.reframed(fields, len(body) if sized else None, changed=changed)
        request.data.content = body
        request.data.trailers = None
        passage.asked = transfer
        passage.request_index = receipt.index
        flow.response = None

    async def response(self, flow: http.HTTPFlow) -> None:
        """Judge a complete response; the client gets the refusal that is there already, or this."""
        passage: Passage = flow.metadata[PASSAGE]
        arrived: http.Response = passage.arrived
        state = State.PARTIAL if arrived.status_code == 206 else State.COMPLETE  # a range that nobody asked for
        transfer = self._answering(passage, arrived.data.content or b"", state)
        rulebook = self.house.rulebook
        outcome = await self.house.carry(transfer)
        if not released(outcome):
            self._tell(flow, passage, transfer, outcome, rulebook)
            return
        body, receipt = outcome.body, outcome.receipt
        assert body is not None and receipt is not None  # noqa: S101, PT018 - what released() means
        fields = transfer.envelope.headers
        if flow.request.data.method != b"HEAD" and arrived.status_code not in (101, 204, 304):
            fields = wire.reframed(fields, len(body), changed=body is not transfer.body)
        if arrived.status_code == 101 and passage.offer is not None:
            fields = (*wire.reframed(fields, None, changed=False), *passage.offer.answering())
        places = b"%d/%d" % (passage.request_index, receipt.index)
        arrived.headers.fields = (*fields, (LEDGER_FIELD, places), (TRANSFER_FIELD, transfer.id.encode()))
        arrived.data.content = body
        arrived.data.trailers = None
        flow.response = arrived

    async def message(self, flow: http.HTTPFlow, message: Message) -> None:
        """Judge a message of a WebSocket; what may go on is put into ``message.release``, last."""
        passage: Passage = flow.metadata[PASSAGE]
        trouble = message.trouble
        transfer = self._saying(passage, message)
        message.decision = transfer.id
        if trouble is not None:
            params = {"limit": str(trouble.limit)} if trouble.limit else {}
            outcome = await self.house.refuse(transfer, trouble.code, trouble.fault, **params)
        else:
            outcome = await self.house.carry(transfer)
        message.fault = outcome.fault
        if trouble is None and released(outcome):
            message.release = outcome.body

    async def error(self, flow: http.HTTPFlow) -> None:
        """Record and word a refusal for want of a message that could be judged."""
        passage: Passage = flow.metadata[PASSAGE]
        if passage.trouble is not None:
            await self._refuse(flow, passage, passage.trouble)

    async def _refuse(self, flow: http.HTTPFlow, passage: Passage, trouble: Trouble, **params: str) -> None:
        if trouble.leg is Leg.RESPONSE and passage.asked is not None:
            transfer = self._answering(passage, b"", trouble.state)
        else:
            transfer = self._asking(flow, passage, b"", trouble.state)
        if trouble.limit:
            params["limit"] = str(trouble.limit)
        rulebook = self.house.rulebook
        outcome = await self.house.refuse(transfer, trouble.code, trouble.fault, **params)
        self._tell(flow, passage, transfer, outcome, rulebook)

    def _tell(
        self, flow: http.HTTPFlow, passage: Passage, transfer: Transfer, outcome: Outcome, rulebook: Rulebook
    ) -> None:
        """Word a refusal by the rulebook under which it was decided."""
        contact = self.house.settings.contact
        flow.response = native(refusal(outcome, transfer, rulebook, languages=passage.languages, contact=contact))

    def _identify(self, flow: http.HTTPFlow, passage: Passage) -> Identity:
        """Who sends; the answer is kept for the connection as long as the proofs are the same."""
        session = self._sessions[flow.client_conn.id]
        subject = _subject(flow.client_conn) or session.subject
        tokens = tokens_in(flow.request.headers.fields)
        if session.tokens:
            tokens = tuple(dict.fromkeys((*tokens, *session.tokens)))
        passage.proofs = (subject, tokens, session.address)
        known = (self.directory, passage.proofs)
        if session.known and session.known[0] == known:
            identity: Identity = session.known[1]
            return identity
        identity = self.directory.sender(*passage.proofs)
        session.known = (known, identity)
        return identity

    def _asking(self, flow: http.HTTPFlow, passage: Passage, body: bytes, state: State) -> Transfer:
        """The request leg: whoever is connected exports, whoever's system the host is receives."""
        request = flow.request
        data = request.data
        who = self._identify(flow, passage)
        notices = passage.notices + who.notices
        trailers = request.trailers.fields if request.trailers else ()
        if trailers:
            notices += ("wire.trailers",)
        return Transfer(
            id=str(uuid4()),
            at=datetime.now(BEIJING),
            leg=Leg.REQUEST,
            exporter=who.party,
            recipient=self.directory.recipient(data.host),
            envelope=Envelope(
                method=data.method.decode("latin-1"),
                scheme=data.scheme.decode("latin-1"),
                host=data.host,
                port=data.port,
                target=data.path,
                headers=wire.request_fields(data.headers.fields),
                trailers=trailers,
            ),
            body=body,
            state=state,
            notices=notices,
        )

    def _answering(self, passage: Passage, body: bytes, state: State) -> Transfer:
        """The response leg: exporter and recipient change places (law 8)."""
        asked = passage.asked
        assert asked is not None  # noqa: S101 - nothing answers what was never asked
        arrived: http.Response | None = passage.arrived
        trailers = arrived.trailers.fields if arrived is not None and arrived.trailers else ()
        return Transfer(
            id=str(uuid4()),
            at=datetime.now(BEIJING),
            leg=Leg.RESPONSE,
            exporter=asked.recipient,
            recipient=asked.exporter,
            envelope=replace(
                asked.envelope,
                headers=wire.response_fields(arrived.data.headers.fields) if arrived is not None else (),
                trailers=trailers,
                status=arrived.status_code if arrived is not None else 0,
                reason=arrived.data.reason if arrived is not None else b"",
            ),
            body=body,
            state=state,
            about=asked.id,
            address=asked.address,
            notices=(*(("wire.trailers",) if trailers else ()), *((WEBSOCKET,) if passage.offer is not None else ())),
        )

    def _saying(self, passage: Passage, message: Message) -> Transfer:
        """A message: the parties of the handshake, looked at under the rules that are in force by now.

        Query and fields were judged with the handshake and do not travel with the message, so they are not repeated.
        """
        asked = passage.asked
        assert asked is not None  # noqa: S101 - no message without a handshake that was permitted
        who = self.directory.sender(*passage.proofs)
        client, server = who.party, self.directory.recipient(asked.envelope.host)
        request = message.leg is Leg.REQUEST
        kind = "websocket.text" if message.text else "websocket.binary"
        return Transfer(
            id=str(uuid4()),
            at=datetime.now(BEIJING),
            leg=message.leg,
            exporter=client if request else server,
            recipient=server if request else client,
            envelope=replace(
                asked.envelope,
                target=asked.envelope.target.partition(b"?")[0],
                headers=_TEXT if message.text else (),
                status=0 if request else 101,
            ),
            body=message.body,
            state=State.COMPLETE if message.trouble is None else message.trouble.state,
            about=asked.id,
            address=asked.address,
            notices=(kind, *who.notices) if message.trouble is None else who.notices,
        )


def _subject(client: connection.Client) -> str:
    """Subject of the client certificate as RFC 4514 writes it; TLS has verified it, or the handshake had failed."""
    if not client.certificate_list:
        return ""
    return client.certificate_list[0].to_cryptography().subject.rfc4514_string()
