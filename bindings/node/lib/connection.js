'use strict';

const { Backoff } = require('./backoff');
const { DealerStream } = require('./dealer-stream');

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 2000;
const RETRY_AFTER_REFUSAL_MS = 1000;
const ANSWER_MS = 10000;

/**
 * Keeps one chaincode registered with one peer. Whenever its stream ends, it registers again on a
 * new one, until it is stopped, or has dialled an endpoint that is not for chaincodes.
 */
class Connection {
  // Set once.
  #endpoint;
  #chaincodeId;
  #messages;
  #socketOptions;
  #startHandler;
  #announced;
  #gaveUp;
  #log;
  #answerMs;

  #backoff = new Backoff(RETRY_MIN_MS, RETRY_MAX_MS);
  #stream;
  #timer;
  #troubled = false;
  #refusal; // The last reason that was told, until a registration succeeds.
  #stopped = false;

  /**
   * @param {object} options
   * @param {string} options.endpoint a ZeroMQ endpoint
   * @param {string} options.chaincodeId the name to register, such as `basic` or `basic:1.0`
   * @param {import('./messages').Messages} options.messages
   * @param {(stream: DealerStream, registration: object) => void} options.startHandler starts a new
   *     handler on a new stream; the handler first sends the registration
   * @param {{error: Function, warn: Function, info: Function, debug: Function}} options.log
   * @param {(ready: object) => void} [options.announced] takes each READY, before the handler
   * @param {() => void} [options.gaveUp] called once if it stops by itself
   * @param {number} [options.answerMs] how long the peer may take to accept the connection, and
   *     then to answer the registration
   * @param {object} [options.socketOptions] of ZeroMQ, instead of the usual ones
   */
  constructor({
    endpoint, chaincodeId, messages, startHandler, log,
    announced = () => {}, gaveUp = () => {}, answerMs = ANSWER_MS, socketOptions = {},
  }) {
    this.#endpoint = endpoint;
    this.#chaincodeId = chaincodeId;
    this.#messages = messages;
    this.#socketOptions = socketOptions;
    this.#startHandler = startHandler;
    this.#announced = announced;
    this.#gaveUp = gaveUp;
    this.#log = log;
    this.#answerMs = answerMs;
  }

  /** @throws {Error} if ZeroMQ does not accept the endpoint */
  open() {
    const stream = new DealerStream(this.#endpoint, this.#messages, this.#socketOptions);
    this.#stream = stream;
    let retryMinMs = 0;
    this.#expect('a connection');
    stream.on('connected', () => this.#expect('an answer to the registration'));
    stream.on('announced', this.#announced);
    stream.on('refused', (reason, isFinal) => {
      retryMinMs = RETRY_AFTER_REFUSAL_MS;
      this.#refused(reason, isFinal);
    });
    stream.on('ready', () => {
      clearTimeout(this.#timer);
      this.#backoff.reset();
      this.#troubled = false;
      this.#refusal = undefined;
      this.#log.info(`${this.#chaincodeId} is registered with ${this.#endpoint}`);
    });
    stream.on('end', (reason) => this.#retry(reason, retryMinMs));
    this.#startHandler(stream, this.#messages.registration(this.#chaincodeId));
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

  #refused(reason, isFinal) {
    const level = isFinal ? 'error' : 'warn';
    if (reason !== this.#refusal) {
      this.#log[level](
        `${this.#endpoint} refused the registration of ${this.#chaincodeId}: ${reason}`);
    }
    this.#refusal = reason;
    if (!isFinal) return;
    this.stop();
    this.#gaveUp();
  }

  #retry(reason, delayMinMs) {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const delayMs = Math.max(this.#backoff.next(), delayMinMs);
    // One warning for an outage, however many attempts it takes.
    const level = this.#troubled || this.#refusal !== undefined ? 'debug' : 'warn';
    this.#log[level](`${this.#endpoint}: ${reason}; registering again until it works`);
    this.#troubled = true;
    this.#timer = setTimeout(() => this.open(), delayMs);
  }
}

module.exports = { Connection };
