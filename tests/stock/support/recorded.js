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
 * Returns `object` so that each function that is called on it is recorded in the file that SHIM_CALLS
 * names. Calls by the shim itself are not recorded.
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

/** A contract whose calls of the stub are recorded. */
class RecordedContract extends Contract {
  async beforeTransaction(ctx) {
    ctx.stub = recorded(ctx.stub);
  }
}

module.exports = { RecordedContract, recorded };
