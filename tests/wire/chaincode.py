#!/usr/bin/python3
"""A chaincode in Python, written from docs/wire.md: a store of keys and values.

    set KEY VALUE    get KEY    fill COUNT (many keys in one batch)    count (by a range)

Example: PYTHONPATH=build/release/python tests/wire/chaincode.py tcp://127.0.0.1:7052 store
Prints "ready" after each registration. It runs until SIGTERM; exit codes: 0 stopped, 2 wrong usage.
"""

import random
import signal
import sys
import time

import zmq
from fabric.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput
from fabric.peer.chaincode_shim_pb2 import (
    ChaincodeMessage, GetState, GetStateByRange, PutState, QueryResponse, QueryStateNext,
    WriteBatchState, WriteRecord)
from fabric.peer.proposal_pb2 import Response
from zmq.utils.monitor import recv_monitor_message

DAY_MS = 24 * 3600 * 1000
ANSWER_S = 10
LOST = (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
        zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_AUTH)
Type = ChaincodeMessage


# A transaction is a generator that yields requests (type, payload) and receives the payloads of the
# answers. Its return value is the transaction's result; a ValueError is an error response.

def store_set(key, value):
    yield Type.PUT_STATE, PutState(key=key, value=value.encode())
    return value.encode()


def store_get(key):
    value = yield Type.GET_STATE, GetState(key=key)
    if not value:
        raise ValueError(f"there is no key {key}")
    return value


def store_fill(count):
    records = [WriteRecord(type=WriteRecord.PUT_STATE, key=f"key{i:04}", value=b"x")
               for i in range(int(count))]
    yield Type.WRITE_BATCH_STATE, WriteBatchState(rec=records)
    return count.encode()


def store_count():
    answer = yield Type.GET_STATE_BY_RANGE, GetStateByRange(startKey="\x01")
    batch = QueryResponse.FromString(answer)
    count = len(batch.results)
    while batch.has_more:
        answer = yield Type.QUERY_STATE_NEXT, QueryStateNext(id=batch.id)
        batch = QueryResponse.FromString(answer)
        count += len(batch.results)
    return str(count).encode()


FUNCTIONS = {"set": store_set, "get": store_get, "fill": store_fill, "count": store_count}


class Stream:
    """One registration, on a socket of its own."""

    def __init__(self, context, endpoint):
        self.running = {}  # (channel, txid) -> generator
        self.socket = context.socket(zmq.DEALER)
        for option, value in ((zmq.RECONNECT_IVL, DAY_MS), (zmq.HEARTBEAT_IVL, 5000),
                              (zmq.HEARTBEAT_TIMEOUT, 15000), (zmq.HANDSHAKE_IVL, 3000),
                              (zmq.LINGER, 200)):
            self.socket.setsockopt(option, value)
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(endpoint)

    def close(self):
        self.socket.disable_monitor()
        self.socket.close()

    def serve(self, name):
        """Runs until the stream ends. Returns True if it was registered."""
        self.socket.send(ChaincodeMessage(
            type=Type.REGISTER, payload=ChaincodeID(name=name).SerializeToString())
            .SerializeToString())
        poller = zmq.Poller()
        poller.register(self.socket, zmq.POLLIN)
        poller.register(self.monitor, zmq.POLLIN)
        ready = False
        while True:
            ready_sockets = dict(poller.poll(None if ready else ANSWER_S * 1000))
            if self.socket in ready_sockets:
                frame = self.socket.recv()
                if not frame:
                    return ready
                message = ChaincodeMessage.FromString(frame)
                if message.type == Type.READY:
                    ready = True
                    print("ready", flush=True)
                elif message.type == Type.ERROR and not ready:
                    print("refused:", message.payload.decode(), file=sys.stderr)
                else:
                    self.on_message(message, frame)
            elif not ready_sockets or recv_monitor_message(self.monitor)["event"] in LOST:
                return ready

    def on_message(self, message, frame):
        key = (message.channel_id, message.txid)
        if message.type == Type.KEEPALIVE:
            self.socket.send(frame)
        elif message.type in (Type.TRANSACTION, Type.INIT):
            call = [arg.decode() for arg in ChaincodeInput.FromString(message.payload).args]
            try:
                self.running[key] = FUNCTIONS[call[0]](*call[1:])
            except (LookupError, TypeError):
                return self.complete(key, Response(status=500, message=f"no such call: {call}"))
            self.go_on(key, None)
        elif message.type == Type.RESPONSE:
            self.go_on(key, message.payload)
        elif message.type == Type.ERROR:
            self.complete(key, Response(status=500, message=message.payload.decode()))

    def go_on(self, key, answer):
        try:
            kind, payload = self.running[key].send(answer)
            self.say(key, kind, payload)
        except StopIteration as end:
            self.complete(key, Response(status=200, payload=end.value))
        except ValueError as refusal:
            self.complete(key, Response(status=404, message=str(refusal)))

    def complete(self, key, response):
        self.running.pop(key, None)
        self.say(key, Type.COMPLETED, response)

    def say(self, key, kind, payload):
        channel, txid = key
        self.socket.send(ChaincodeMessage(
            type=kind, payload=payload.SerializeToString(), channel_id=channel, txid=txid)
            .SerializeToString())


def stop(*_):
    sys.exit(0)


def main():
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    signal.signal(signal.SIGTERM, stop)
    endpoint, name = sys.argv[1:]
    context = zmq.Context()
    delay = 0.05
    while True:
        stream = Stream(context, endpoint)
        try:
            delay = 0.05 if stream.serve(name) else min(2 * delay, 2)
        except SystemExit:
            stream.socket.send(b"")
            raise
        finally:
            stream.close()
        time.sleep(delay * random.uniform(0.5, 1))  # So that not all return at the same moment.


if __name__ == "__main__":
    sys.exit(main())
