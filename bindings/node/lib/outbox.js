'use strict';

const MESSAGES_MAX = 10000;
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * A queue of frames for a ZeroMQ socket, which allows only one pending send: the frames are sent
 * one after the other, in order.
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
   * @throws {RangeError} if the limit is reached because the peer reads too slowly; the frame is
   *     then not queued
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

  /** Drops the frames that have not been sent. */
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
