"""Messages of a WebSocket are transfers of their own: judged and recorded before a byte of them goes on."""

import asyncio
import json
from dataclasses import replace

import pytest
from wsproto.events import BytesMessage, Event, Message, Request, TextMessage

from gateway.intake.proxy_websocket import MessageHook
from gateway.vocabulary import Decision, Leg, Outcome, Proof, Receipt, Transfer, Verdict
from tests.given import APPLICATION, Memory, shipped
from tests.intake.sockets import FEED, TALKS, Caller, Listener, call, hello, shake, with_sockets
from tests.intake.stage import ANSWER, HOST, OK, TOKEN, Stage, Upstream, stage

FIGURES = '{"month": "2026-01", "count": 4}'
SECRET = '{"hkid": "A123456(3)"}'


async def echo(listener: Listener, event: Event) -> None:
    """Say everything back."""
    if isinstance(event, Message) and event.message_finished:
        listener.send(type(event)(data=listener.messages[-1]))


def test_each_message_is_a_transfer_of_its_own() -> None:
    """Handshake and messages, both ways: each has an id, a record, its parties, and names the handshake."""

    async def play() -> None:
        listener = Listener(echo)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on, FEED + "?from=portal")
            assert caller.status == 101
            caller.say(FIGURES)
            assert await caller.message() == FIGURES
            asked, answered, said, heard = on.house.carried
            assert [item.leg for item in on.house.carried] == [Leg.REQUEST, Leg.RESPONSE] * 2
            assert len({item.id for item in on.house.carried}) == 4
            assert [item.about for item in on.house.carried] == ["", asked.id, asked.id, asked.id]
            assert (said.exporter.id, said.recipient.id) == ("zhuhai-e-service", "macao-counter")
            assert (said.exporter.proof, said.recipient.proof) == (Proof.TOKEN, Proof.HOST)
            assert (heard.exporter, heard.recipient) == (said.recipient, said.exporter)
            assert said.body == heard.body == FIGURES.encode()
            assert said.envelope.target == FEED.encode()
            assert (said.envelope.status, heard.envelope.status) == (0, 101)
            assert (asked.notices, answered.notices) == (("websocket.handshake",),) * 2
            assert said.notices == heard.notices == ("websocket.text",)
            facts = [json.loads(entry)["facts"] for entry in on.ledger.entries]
            assert [each["media_type"] for each in facts] == ["", "", "application/json", "application/json"]
            caller.close()

    asyncio.run(play())


def test_a_message_is_recorded_before_it_is_forwarded() -> None:
    """Law 2 at both ends: whoever hears a message finds its entry in the ledger already."""
    seen: list[int] = []

    async def play() -> None:
        holder: list[Stage] = []

        async def talk(listener: Listener, event: Event) -> None:
            if isinstance(event, TextMessage):
                seen.append(len(holder[0].ledger.entries))
                await echo(listener, event)

        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            holder.append(on)
            caller = await call(on)
            caller.say(FIGURES)
            await caller.message()
            seen.append(len(on.ledger.entries))
            caller.close()

    asyncio.run(play())
    assert seen == [3, 4]


@pytest.mark.parametrize(
    ("rules", "path"), [(with_sockets(websocket=False), FEED), (shipped(), FEED), (with_sockets(), "/v1/elsewhere")]
)
def test_only_an_entry_that_says_so_opens_a_socket(rules: object, path: str) -> None:
    """An entry that covers the path without saying websocket, or none at all: 451, a record, and nobody is called."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=rules) as on:  # type: ignore[arg-type]
            caller = await call(on, path)
            assert caller.status == 451
            assert len(on.ledger.entries) == 1
            assert listener.connections == 0

    asyncio.run(play())


def test_a_refused_handshake_says_what_is_missing() -> None:
    """Whoever is known is told that the entry would fit if it said that a WebSocket may be there."""

    async def play() -> None:
        async with stage(rulebook=with_sockets(websocket=False)) as on:
            reply = await on.ask(hello())
            assert "WebSocket" in json.loads(reply.body)["detail"]
            assert "zhuhai-macao-statistics" in json.loads(reply.body)["detail"]

    asyncio.run(play())


def test_a_refused_message_goes_nowhere_and_closes_both() -> None:
    """Personal information in a message: the sender reads 1008 and the decision, the other side a goodbye."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.say(FIGURES)
            caller.say(SECRET)
            caller.say(FIGURES)
            told = await caller.message()
            assert told == (1008, f"refused, decision {on.house.carried[-1].id}")
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.messages == [FIGURES]
            assert listener.closes == [(1001, "")]
            assert b"A123456" not in listener.received
            assert await caller.message() is None

    asyncio.run(play())


def test_what_the_server_says_is_judged_as_well() -> None:
    """A message that may not come back: the client hears a goodbye and none of it, the server 1008."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            listener.send(TextMessage(data=SECRET))

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            assert await caller.message() == (1001, "")
            await asyncio.wait_for(listener.ended.wait(), 5)
            last = on.house.carried[-1]
            assert (last.leg, last.exporter.id) == (Leg.RESPONSE, "macao-counter")
            assert listener.closes == [(1008, f"refused, decision {last.id}")]

    asyncio.run(play())


def test_a_masked_message_is_what_is_forwarded() -> None:
    """The entry masks the phone: the other side gets the masked text, as text."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on, TALKS)
            caller.say(json.dumps(APPLICATION, ensure_ascii=False))
            [heard] = await listener.heard(1)
            assert isinstance(heard, str)
            assert "66123456" not in heard
            assert json.loads(heard)["applicant"]["name"] == "陳大文"
            caller.close()

    asyncio.run(play())


def test_binary_messages_are_read_by_sight() -> None:
    """A binary frame declares nothing: JSON in it is JSON; what nobody can read is refused."""

    async def play() -> None:
        listener = Listener(echo)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            caller.say(FIGURES.encode())
            assert await caller.message() == FIGURES.encode()
            assert on.house.carried[-1].notices == ("websocket.binary",)
            assert on.house.carried[-1].envelope.headers == ()
            caller.say(bytes(range(256)))
            assert (await caller.message())[0] == 1008  # type: ignore[index]
            assert listener.messages == [FIGURES.encode()]

    asyncio.run(play())


def test_messages_keep_their_order() -> None:
    """Many messages at once, some slow to be recorded: they arrive as they were sent, one record each."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            append, count = on.ledger.append, 0

            async def unevenly(*args: object) -> object:
                nonlocal count
                count += 1
                await asyncio.sleep(0.002 * (count % 3))
                return await append(*args)  # type: ignore[arg-type]

            on.ledger.append = unevenly  # type: ignore[method-assign]
            caller = await call(on)
            sent = [f'{{"count": {number}}}' for number in range(60)]
            for text in sent:
                caller.say(text)
            assert await listener.heard(60) == sent
            assert len(on.ledger.entries) == 62
            caller.close()

    asyncio.run(play())


def on_fire(transfer: Transfer) -> None:
    """Break the corridor on messages."""
    if transfer.notices == ("websocket.text",):
        raise RuntimeError("a room is on fire")


def test_a_hook_that_raises_forwards_nothing() -> None:
    """Sabotage: the door raises on a message; nothing is forwarded, both sides are closed, the sender reads 1011."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            on.house.before = on_fire
            caller = await call(on)
            caller.say(FIGURES)
            assert (await caller.message())[0] == 1011  # type: ignore[index]
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.messages == []

    asyncio.run(play())


@pytest.mark.parametrize("hook", [None, lambda *_: 1 / 0, lambda *_: None], ids=["not there", "broken", "idle"])
def test_without_a_door_nothing_is_forwarded(hook: object) -> None:
    """Sabotage: nobody listens to messages, or whoever does fails or does nothing; not a byte goes on."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            hooks = {name: each for name, each in on.gateway.hooks.items() if name != MessageHook.name}
            on.gateway.hooks = hooks if hook is None else {**hooks, MessageHook.name: hook}  # type: ignore[dict-item]
            caller = await call(on)
            caller.say(FIGURES)
            told = await caller.message()
            assert told is None or told[0] == 1011
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.messages == []
            assert FIGURES.encode() not in listener.received

    asyncio.run(play())


@pytest.mark.parametrize(
    "odd",
    [
        Outcome(Decision(verdict=Verdict.PERMIT), None, b"{}", None),
        Outcome(Decision(verdict=Verdict.PERMIT), None, None, Receipt(1, bytes(32))),
        Outcome(Decision(verdict=Verdict.HOLD), None, b"{}", Receipt(1, bytes(32))),
        Outcome(Decision(verdict=Verdict.DENY), None, b"{}", Receipt(1, bytes(32))),
    ],
    ids=["no receipt", "no body", "hold", "deny"],
)
def test_nothing_but_a_whole_permit_lets_a_message_go(odd: Outcome) -> None:
    """A permit without receipt or body, a hold and a denial forward nothing and close both sides."""

    async def play() -> None:
        listener = Listener()
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on)
            on.house.instead = lambda _: odd
            caller.say(FIGURES)
            assert (await caller.message())[0] == 1008  # type: ignore[index]
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert listener.messages == []

    asyncio.run(play())


def test_a_ledger_that_cannot_write_closes_both() -> None:
    """The disk is full in the middle of a conversation: nothing more goes on, the sender reads 1011."""

    async def play() -> None:
        listener = Listener()
        ledger = Memory()
        async with stage(server=listener.serve, rulebook=with_sockets(), ledger=ledger) as on:
            caller = await call(on)
            caller.say(FIGURES)
            await listener.heard(1)
            ledger.closed = True
            caller.say(FIGURES)
            assert (await caller.message())[0] == 1011  # type: ignore[index]
            await asyncio.wait_for(listener.ended.wait(), 5)
            assert len(listener.messages) == 1

    asyncio.run(play())


def test_a_change_of_rules_reaches_open_sockets() -> None:
    """A party that was struck out, or an endpoint that is a WebSocket no longer, is refused at its next message."""
    book = with_sockets()
    strangers = replace(book, members={key: value for key, value in book.members.items() if key != "zhuhai-e-service"})

    async def play() -> None:
        for changed in (strangers, with_sockets(websocket=False)):
            listener = Listener()
            async with stage(server=listener.serve, rulebook=book) as on:
                caller = await call(on)
                caller.say(FIGURES)
                await listener.heard(1)
                on.house.rulebook = changed
                caller.say(FIGURES)
                assert (await caller.message())[0] == 1008  # type: ignore[index]
                assert len(listener.messages) == 1

    asyncio.run(play())


def test_a_socket_in_a_tunnel() -> None:
    """wss: through CONNECT and TLS on both sides, the token of CONNECT speaks for what is said."""

    async def play() -> None:
        listener = Listener(echo)
        async with stage(tls=True, server=listener.serve, rulebook=with_sockets()) as on:
            reader, writer = await on.tunnel()
            raw = hello(extra=b"", host=HOST).replace(b"http://" + HOST.encode(), b"")
            caller: Caller = await shake(reader, writer, raw)
            assert caller.status == 101
            caller.say(FIGURES)
            assert await caller.message() == FIGURES
            assert on.house.carried[2].exporter.id == "zhuhai-e-service"
            assert on.house.carried[2].envelope.scheme == "https"
            caller.close()

    asyncio.run(play())


def test_an_upstream_that_does_not_switch_is_an_answer_like_any_other() -> None:
    """Where the upstream answers a handshake with a document, that is judged and the connection stays HTTP."""

    async def play() -> None:
        async with stage(Upstream(OK), rulebook=with_sockets()) as on:
            reply = await on.ask(hello())
            assert (reply.status, reply.body) == (200, ANSWER)

    asyncio.run(play())


def test_a_server_that_speaks_at_once_is_heard_after_the_handshake() -> None:
    """Frames that come with the 101, or before the client has read it, wait for the judgement of the handshake."""

    async def talk(listener: Listener, event: Event) -> None:
        if isinstance(event, Request):
            for number in range(3):
                listener.send(BytesMessage(data=b'{"count": %d}' % number))

    async def play() -> None:
        listener = Listener(talk)
        async with stage(server=listener.serve, rulebook=with_sockets()) as on:
            caller = await call(on, extra=TOKEN)
            assert [await caller.message() for _ in range(3)] == [b'{"count": %d}' % number for number in range(3)]
            assert [item.leg for item in on.house.carried[1:]] == [Leg.RESPONSE] * 4
            caller.close()

    asyncio.run(play())
