'use strict';

const DEADLINE_MS = 20000;

/**
 * Returns the result of `promise`, or fails after a deadline, naming what was waited for.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @param {() => string} [context] more text for the failure
 * @returns {Promise<T>}
 */
async function within(promise, what, context = () => '', deadlineMs = DEADLINE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: not within ${deadlineMs} ms\n${context()}`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The arguments of the next event. */
function next(emitter, event) {
  return within(new Promise((resolve) => emitter.once(event, (...args) => resolve(args))), event);
}

module.exports = { next, within };
