"""dingtalk-stream for Python, connected to the sandbox."""

import asyncio
import functools
import logging
import os
import threading

import common
from world import APP, SECRET

# The peer asks the environment where the platform is, once: scripts import the
# peer from here.
os.environ["DINGTALK_OPENAPI_ENDPOINT"] = f"{os.environ['MYNAH_SANDBOX']}/dingtalk"

import websockets
from dingtalk_stream import (
    AckMessage,
    AsyncChatbotHandler,
    CallbackHandler,
    ChatbotHandler,
    ChatbotMessage,
    Credential,
    DingTalkStreamClient,
    EventHandler,
    SystemHandler,
    reply_specified_group_chat,
    reply_specified_single_chat,
)
from dingtalk_stream.card_callback import Card_Callback_Router_Topic, CardCallbackMessage
from dingtalk_stream.card_replier import CardReplier

__all__ = [
    "CardReplier",
    "ChatbotMessage",
    "Peer",
    "ThreadedRobot",
    "client",
    "keepalive",
    "reply_specified_group_chat",
    "reply_specified_single_chat",
    "websockets",
]


class Complaints(logging.Handler):
    """What the peer logs as errors: it hides its exceptions there."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.found = []

    def emit(self, record):
        self.found.append(record.getMessage() if record.args is None else str(record.msg))


def client(secret=SECRET, key=APP):
    """A client, and what it complains of."""
    logger = logging.Logger(f"client {key}", logging.ERROR)
    complaints = Complaints()
    logger.addHandler(complaints)
    credential = Credential(key, secret)
    made = DingTalkStreamClient(credential, logger=logger)
    # Without a handler it would ask for nothing, and be refused.
    made.register_callback_handler(ChatbotMessage.TOPIC, ChatbotHandler())
    return made, complaints


def keepalive(seconds, close_timeout):
    """Lets websockets notice sooner than by itself that a connection is not alive."""
    patience = {"ping_interval": seconds, "ping_timeout": seconds, "close_timeout": close_timeout}
    websockets.connect = functools.partial(websockets.connect, **patience)


class Robot(ChatbotHandler):
    def __init__(self, peer):
        super().__init__()
        self.peer = peer

    async def process(self, callback):
        self.peer.hear(callback)
        return AckMessage.STATUS_OK, "OK"


class ThreadedRobot(AsyncChatbotHandler):
    """Acknowledges what it hears at once, and with all of it."""

    def __init__(self, peer):
        super().__init__()
        self.peer = peer

    def process(self, callback):
        self.peer.hear(callback)


class Card(CallbackHandler):
    def __init__(self, peer):
        super().__init__()
        self.peer = peer

    async def process(self, callback):
        self.peer.inbox.put({"kind": "card", "card": CardCallbackMessage.from_dict(callback.data)})
        return AckMessage.STATUS_OK, {}


class Events(EventHandler):
    def __init__(self, peer):
        super().__init__()
        self.peer = peer

    async def process(self, event):
        headers = event.headers
        found = {"kind": "event", "type": headers.event_type, "id": headers.event_id}
        self.peer.inbox.put(found | {"headers": headers, "data": event.data})
        if self.peer.later > 0:
            self.peer.later -= 1
            return AckMessage.STATUS_SYSTEM_EXCEPTION, "later"
        return AckMessage.STATUS_OK, "OK"


class System(SystemHandler):
    def __init__(self, peer):
        super().__init__()
        self.peer = peer

    async def process(self, message):
        self.peer.inbox.put({"kind": "system", "topic": message.headers.topic})
        return AckMessage.STATUS_OK, "OK"


class Peer:
    """A client that runs for ever, and what it has heard.

    It runs in a thread of its own, since it cannot be stopped: it takes being
    cancelled for a fault of the network.
    """

    def __init__(self, make_robot=Robot):
        self.client, self.complaints = client()
        self.inbox = common.Inbox()
        # How many events are put off.
        self.later = 0
        self.robot = make_robot(self)
        self.client.register_callback_handler(ChatbotMessage.TOPIC, self.robot)
        self.client.register_callback_handler(Card_Callback_Router_Topic, Card(self))
        self.client.register_all_event_handler(Events(self))
        self.client.system_handler = System(self)
        self.opened = 0
        self.count_connections()

    def hear(self, callback):
        message = ChatbotMessage.from_dict(callback.data)
        said = message.text.content.strip() if message.text else None
        self.inbox.put({"kind": message.message_type, "said": said, "message": message})
        if said and said.startswith("/echo "):
            self.robot.reply_text(said.removeprefix("/echo "), message)

    def count_connections(self):
        open_connection = self.client.open_connection

        def counted():
            self.opened += 1
            return open_connection()

        self.client.open_connection = counted

    def start(self):
        threading.Thread(target=asyncio.run, args=(self.client.start(),), daemon=True).start()

    def is_open(self):
        socket = self.client.websocket
        return socket is not None and socket.state is websockets.State.OPEN

    async def connected(self, times):
        """Waits until this is the connection of this number."""
        patience = 2 * common.PATIENCE
        for _ in range(patience * 20):
            if self.opened == times and self.is_open():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"connected {self.opened} times, not {times}: {self.complaints.found}")
