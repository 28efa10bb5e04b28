'use strict';

/**
 * The delay before the next attempt: it doubles between two bounds, and each delay is shortened at
 * random by up to a half, so that many processes that lost the same peer do not return together.
 */
class Backoff {
  #minMs;
  #maxMs;
  #nextMs;
  #random;

  /**
   * @param {number} minMs
   * @param {number} maxMs
   * @param {() => number} [random] from 0 to just below 1
   */
  constructor(minMs, maxMs, random = Math.random) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#nextMs = minMs;
    this.#random = random;
  }

  /** @returns {number} milliseconds */
  next() {
    const longest = this.#nextMs;
    this.#nextMs = Math.min(longest * 2, this.#maxMs);
    return longest * (1 - this.#random() / 2);
  }

  /** Call after a success. */
  reset() {
    this.#nextMs = this.#minMs;
  }
}

module.exports = { Backoff };
