'use strict';

const MESSAGES_MAX = 10000;
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Frames on their way to a ZeroMQ socket, which lets only one send wait at a time: they go out one
 * after the other, in the order in which they were put in.
 */
class Outbox {
  #socket;
  #failed;
  #frames = [];
  #bytes = 0;
  #sending = false;

  /**
   * @param {{send(frame: Uint8Array): Promise<void>}} socket
   * @param {(error: Error) => void} failed the socket refused a frame; nothing is sent after it
   */
  constructor(socket, failed) {
    this.#socket = socket;
    this.#failed = failed;
  }

  /**
   * @param {Uint8Array} frame
   * @throws {RangeError} when the peer reads so slowly that the limit is reached; it was not put in
   */
  put(frame) {
    if (this.#frames.length >= MESSAGES_MAX || this.#bytes + frame.length > BYTES_MAX) {
      throw new RangeError(
        `the peer does not read: ${this.#frames.length} messages with ${this.#bytes} bytes wait ` +
          `(limits ${MESSAGES_MAX} and ${BYTES_MAX})`);
    }
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (!this.#sending) this.#sendAll();
  }

  /** Drops what has not been sent. */
  clear() {
    this.#frames = [];
    this.#bytes = 0;
  }

  async #sendAll() {
    this.#sending = true;
    try {
      while (this.#frames.length > 0) {
        const frame = this.#frames.shift();
        this.#bytes -= frame.length;
        await this.#socket.send(frame);
      }
      this.#sending = false;
    } catch (error) {
      this.clear();
      this.#failed(error);
    }
  }
}

module.exports = { Outbox };
