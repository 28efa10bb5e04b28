'use strict';

const { EventEmitter } = require('node:events');
const { refusalOf } = require('./curve-keys');
const { loadZeromq } = require('./installation');
const { OpenRequests } = require('./open-requests');
const { Outbox } = require('./outbox');

const { Dealer } = loadZeromq();

const EMPTY_FRAME = Buffer.alloc(0);
const STREAM_ENDED = 'chaincode stream terminated';

const SOCKET_OPTIONS = {
  // A stream ends with its connection, so the socket is closed and never reconnects. Not -1, with
  // which libzmq drops messages that arrived before the loss and were not read yet.
  reconnectInterval: 24 * 3600 * 1000,
  linger: 200, // Milliseconds; long enough for the empty frame of a stream that we end.
  sendHighWaterMark: 1000,
  receiveHighWaterMark: 1000,
  maxMessageSize: 100 * 1024 * 1024,
  heartbeatInterval: 5000,
  heartbeatTimeout: 15000,
};

/**
 * One chaincode stream over one DEALER, with the interface that fabric-shim's
 * ChaincodeMessageHandler expects: the events `data` and `end`, and the methods `write` and `end`. It
 * never emits `error`, for which the handler would print a stack. It connects once.
 *
 * - `data` (ChaincodeMessage): in the order in which the peer sent them. KEEPALIVE is answered here
 *   and never emitted: the stock handler of 2.5.8 exits the process when it receives one.
 * - `connected`: the ZMTP handshake has succeeded.
 * - `announced` (ChaincodeMessage): READY, before its `data`.
 * - `ready`: after the `data` of READY.
 * - `refused` (reason, isFinal): the peer sent ERROR before READY, or does not accept the key. Not emitted as `data`, since the
 *   stock handler cannot handle it. The peer's `end` follows. It is final if the endpoint is not for
 *   chaincodes.
 * - `end` (reason): exactly once, also after a failure on this side. Every request that is open then,
 *   and every one that is written afterwards, is answered by an ERROR, so that no transaction waits for
 *   ever.
 */
class DealerStream extends EventEmitter {
  #messages;
  #socket;
  #hasKey;
  #outbox;
  #open;
  #connected = false;
  #ready = false;
  #ended = false;

  /**
   * @param {string} endpoint
   * @param {import('./messages').Messages} messages of the handler's copy of fabric-protos
   * @param {object} [socketOptions] instead of the usual ones
   * @throws {Error} if ZeroMQ does not accept the endpoint or an option
   */
  constructor(endpoint, messages, socketOptions = {}) {
    super();
    this.#messages = messages;
    this.#open = new OpenRequests(messages);
    this.#hasKey = socketOptions.curveServerKey !== undefined;
    this.#socket = new Dealer({ ...SOCKET_OPTIONS, ...socketOptions });
    this.#outbox = new Outbox(this.#socket, (error) => this.#fail(error));
    try {
      const events = this.#socket.events; // From here on no event is lost.
      this.#socket.connect(endpoint);
      this.#watchLink(events);
      this.#receiveAll();
    } catch (error) {
      this.#socket.close();
      throw error;
    }
  }

  /**
   * Never blocks. If the peer reads too slowly, the stream ends. A message that cannot be encoded,
   * such as a response with an event whose payload is no bytes, ends its transaction.
   *
   * @param {object} message a ChaincodeMessage
   */
  write(message) {
    if (typeof message.serializeBinary !== 'function') {
      // The stock handler reports an unexpected message with an object that is not a protobuf
      // message.
      this.#fail(new Error(String(message.payload)));
      return;
    }
    if (this.#ended) {
      if (this.#messages.isRequest(message)) {
        queueMicrotask(() => this.#answerForPeer(message, STREAM_ENDED));
      }
      return;
    }
    let frame;
    try {
      frame = message.serializeBinary();
    } catch (error) {
      this.#cannotEncode(message, error);
      return;
    }
    this.#open.sent(message);
    this.#send(frame);
  }

  /**
   * Tells the peer that the stream has ended, and closes it.
   *
   * @param {string} [reason] for the `end` event
   */
  end(reason = 'the chaincode ended the stream') {
    if (this.#ended) return;
    this.#hangUp();
    this.#finish(reason);
  }

  async #receiveAll() {
    try {
      for await (const frames of this.#socket) {
        if (this.#ended) return;
        if (frames.length !== 1) {
          throw new Error(`the peer sent a message of ${frames.length} frames`);
        }
        if (frames[0].length === 0) {
          this.#lose('the peer ended the stream');
          return;
        }
        this.#receive(frames[0]);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #receive(frame) {
    const message = this.#messages.decode(frame);
    const { Type } = this.#messages;
    const type = message.getType();
    if (type === Type.KEEPALIVE) {
      this.#send(frame);
    } else if (type === Type.ERROR && !this.#ready) {
      this.emit('refused', Buffer.from(message.getPayload_asU8()).toString(),
        this.#messages.isFromWrongEndpoint(message));
    } else {
      this.#open.received(message);
      if (type === Type.READY) {
        this.#ready = true;
        this.emit('announced', message);
      }
      this.emit('data', message);
      if (type === Type.READY && !this.#ended) this.emit('ready');
    }
  }

  async #watchLink(events) {
    for await (const { type, error } of events) {
      if (this.#ended) return; // Later events of this socket must not affect the next stream.
      if (type === 'handshake') {
        this.#connected = true;
        this.emit('connected');
      } else if (type === 'disconnect' || type === 'close' || type.startsWith('handshake:error')) {
        const refusal = refusalOf(type, error, this.#hasKey);
        if (refusal) this.emit('refused', refusal, false);
        const reason = this.#connected ? 'the connection was lost' : 'the peer cannot be reached';
        // Messages that the peer sent before the loss are still handled, before the next turn.
        setImmediate(() => this.#lose(reason));
        return;
      }
    }
  }

  #send(frame) {
    try {
      this.#outbox.put(frame);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (this.#ended) return;
    this.#hangUp();
    this.#finish(error.message);
  }

  /** Called when the peer or the connection has ended the stream. */
  #lose(reason) {
    if (this.#ended) return;
    this.#shut();
    this.#finish(reason);
  }

  #hangUp() {
    this.#outbox.clear();
    // Not through the outbox, whose last send may still be waiting. In that case the peer does not
    // read, and learns of the end by the closed connection.
    if (this.#connected) this.#socket.send(EMPTY_FRAME).catch(() => {});
    this.#shut();
  }

  #shut() {
    this.#ended = true;
    this.#socket.close();
  }

  #finish(reason) {
    for (const request of this.#open.takeAll()) this.#answerForPeer(request, STREAM_ENDED);
    this.emit('end', reason);
  }

  #answerForPeer(request, reason) {
    this.emit('data', this.#messages.failureOf(request, reason));
  }

  #cannotEncode(message, { message: reason }) {
    if (this.#messages.isRequest(message)) {
      queueMicrotask(() => this.#answerForPeer(message, `the request cannot be encoded: ${reason}`));
    } else {
      const failure = this.#messages.failureOf(
        message, `the response or its event cannot be encoded: ${reason}`);
      this.#send(failure.serializeBinary());
    }
  }
}

module.exports = { DealerStream };
