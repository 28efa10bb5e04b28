'use strict';

const { peer } = require('@hyperledger/fabric-protos');

const { Backoff } = require('./backoff');
const { DealerStream } = require('./dealer-stream');

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 2000;
const RETRY_AFTER_REFUSAL_MS = 1000;
const ANSWER_MS = 10000;

/** @param {string} chaincodeId */
function registration(chaincodeId) {
  const id = new peer.ChaincodeID();
  id.setName(chaincodeId);
  const message = new peer.ChaincodeMessage();
  message.setType(peer.ChaincodeMessage.Type.REGISTER);
  message.setPayload(id.serializeBinary());
  return message;
}

/**
 * Keeps one chaincode registered with one peer. Whenever its stream ends, it registers again on a
 * new one, until it is stopped.
 */
class Connection {
  #endpoint;
  #chaincodeId;
  #startHandler;
  #log;
  #answerMs;
  #backoff = new Backoff(RETRY_MIN_MS, RETRY_MAX_MS);
  #stream;
  #timer;
  #troubled = false;
  #stopped = false;

  /**
   * @param {object} options
   * @param {string} options.endpoint a ZeroMQ endpoint
   * @param {string} options.chaincodeId the name to register, such as `basic` or `basic:1.0`
   * @param {(stream: DealerStream, registration: peer.ChaincodeMessage) => void}
   *     options.startHandler starts a new handler on a new stream; the handler first sends the
   *     registration
   * @param {{info: Function, warn: Function, debug: Function}} options.log
   * @param {number} [options.answerMs] how long the peer may take to accept the connection, and
   *     then to answer the registration
   */
  constructor({ endpoint, chaincodeId, startHandler, log, answerMs = ANSWER_MS }) {
    this.#endpoint = endpoint;
    this.#chaincodeId = chaincodeId;
    this.#startHandler = startHandler;
    this.#log = log;
    this.#answerMs = answerMs;
  }

  /** @throws {Error} if ZeroMQ does not accept the endpoint */
  open() {
    const stream = new DealerStream(this.#endpoint);
    this.#stream = stream;
    let retryMinMs = 0;
    this.#expect('a connection');
    stream.on('connected', () => this.#expect('an answer to the registration'));
    stream.on('refused', (reason) => {
      retryMinMs = RETRY_AFTER_REFUSAL_MS;
      this.#log.warn(
        `${this.#endpoint} refused the registration of ${this.#chaincodeId}: ${reason}`);
    });
    stream.on('ready', () => {
      clearTimeout(this.#timer);
      this.#backoff.reset();
      this.#troubled = false;
      this.#log.info(`${this.#chaincodeId} is registered with ${this.#endpoint}`);
    });
    stream.on('error', () => {}); // `end` follows, with the same reason.
    stream.on('end', (reason) => this.#retry(reason, retryMinMs));
    this.#startHandler(stream, registration(this.#chaincodeId));
  }

  /** Ends the stream and does not register again. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#stream?.end('stopped');
  }

  /** Ends the stream if the next step does not happen in time. */
  #expect(step) {
    const stream = this.#stream;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => stream.end(`waited ${this.#answerMs} ms for ${step}`), this.#answerMs);
  }

  #retry(reason, delayMinMs) {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const delayMs = Math.max(this.#backoff.next(), delayMinMs);
    // One warning for an outage, however many attempts it takes.
    const level = this.#troubled ? 'debug' : 'warn';
    this.#log[level](`${this.#endpoint}: ${reason}; registering again until it works`);
    this.#troubled = true;
    this.#timer = setTimeout(() => this.open(), delayMs);
  }
}

module.exports = { Connection };
