'use strict';

const assert = require('node:assert/strict');

const { status } = require('@grpc/grpc-js');
const { StatusCode } = require('@hyperledger/fabric-gateway');

const nameIn = (codes, code) => Object.keys(codes).find((name) => codes[name] === code);
const text = (bytes) => Buffer.from(bytes).toString();

/** Returns `saw`, which has to be as wanted. */
function equal(saw, wanted) {
  assert.deepEqual(saw, wanted);
  return saw;
}

/** Returns what an error of the library says. */
function failureOf(error) {
  if (error.constructor.name === 'CommitError') {
    return { type: 'CommitError', code: nameIn(StatusCode, error.code), message: error.message };
  }
  // The answer's own message; the library's begins with the code.
  const { constructor, code, details, cause } = error;
  return {
    type: constructor.name, code: nameIn(status, code), message: cause?.details ?? error.message,
    details: (details ?? []).map(({ mspId, message }) => ({ mspId, message })),
  };
}

/** Returns the error with which a promise is rejected. */
async function rejection(promise) {
  let result;
  try {
    result = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`it has not failed: ${result}`);
}

/** Returns an error of this type and code whose message and details contain a text. */
async function failed(promise, type, code, wanted = '') {
  const saw = failureOf(await rejection(promise));
  equal([saw.type, saw.code], [type, code]);
  assert.ok(allOf(saw).includes(wanted), `wanted ${wanted} in ${allOf(saw)}`);
  return saw;
}

const allOf = ({ message, details }) =>
  [message, ...(details ?? []).map((detail) => detail.message)].join('\n');

module.exports = { allOf, equal, failed, failureOf, rejection, text };
