'use strict';

const { appendFileSync } = require('node:fs');

const { Contract } = require('fabric-contract-api');

const noted = new Set();

function note(call) {
  if (noted.has(call)) return;
  noted.add(call);
  if (process.env.SHIM_CALLS) appendFileSync(process.env.SHIM_CALLS, `${call}\n`);
}

/**
 * `object`, with a note in the file that SHIM_CALLS names of each function that is called on it. What
 * the shim calls by itself is not noted.
 *
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
function recorded(object) {
  return new Proxy(object, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args) => {
        note(`${target.constructor.name}.${String(name)}`);
        return value.apply(target, args);
      };
    },
  });
}

/** A contract whose calls of the stub are noted. */
class RecordedContract extends Contract {
  async beforeTransaction(ctx) {
    ctx.stub = recorded(ctx.stub);
  }
}

module.exports = { RecordedContract, recorded };
