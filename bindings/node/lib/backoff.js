'use strict';

/**
 * How long to wait before the next attempt: doubling between two bounds, each wait shortened at
 * random by up to a half, so that many processes that lost one peer do not come back in step.
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

  /** After a success. */
  reset() {
    this.#nextMs = this.#minMs;
  }
}

module.exports = { Backoff };
