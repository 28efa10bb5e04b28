#!/usr/bin/python3
"""A client in Python, written from docs/wire.md: submits one transaction and prints its result.

Example: PYTHONPATH=build/release/python tests/wire/client.py tcp://127.0.0.1:7051 mychannel store set a 1
Exit codes: 0 committed, 1 refused (why is on standard error), 2 wrong usage, 3 unreachable.
"""

import sys

import zmq
from ccbus.client_pb2 import ClientRequest, ClientResponse, Invocation, StatusCode, SubmitRequest
from fabric.peer.transaction_pb2 import TxValidationCode

DAY_MS = 24 * 3600 * 1000
ANSWER_MS = 40_000  # Longer than a transaction may run.


def submit(endpoint, channel, chaincode, args):
    """Returns the answer to one submit; None if there was none."""
    request = ClientRequest(correlation_id=1, submit=SubmitRequest(invocation=Invocation(
        channel_id=channel, chaincode_name=chaincode, args=[arg.encode() for arg in args])))
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        for option, value in ((zmq.RECONNECT_IVL, DAY_MS), (zmq.HEARTBEAT_IVL, 5000),
                              (zmq.HEARTBEAT_TIMEOUT, 15000), (zmq.LINGER, 0)):
            socket.setsockopt(option, value)
        lost = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED)
        socket.connect(endpoint)
        socket.send(request.SerializeToString())
        poller = zmq.Poller()
        poller.register(socket, zmq.POLLIN)
        poller.register(lost, zmq.POLLIN)
        came = dict(poller.poll(ANSWER_MS))
        answer = ClientResponse.FromString(socket.recv()) if socket in came else None
        socket.disable_monitor()
        return answer


def main():
    if len(sys.argv) < 5 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    endpoint, channel, chaincode, *args = sys.argv[1:]
    answer = submit(endpoint, channel, chaincode, args)
    if answer is None:
        print(f"no answer from {endpoint}; the outcome is unknown", file=sys.stderr)
        return 3
    if answer.status.code != StatusCode.OK:
        print(f"{StatusCode.Name(answer.status.code)}: {answer.status.message}", file=sys.stderr)
        return 1
    submitted = answer.submit
    print(f"{submitted.transaction_id}: block {submitted.block_number}, "
          f"{TxValidationCode.Name(submitted.validation_code)}")
    print(submitted.result.payload.decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
