'use strict';

/**
 * Returns the text of whatever a chaincode calls its error: a string, an Error, bytes, or anything
 * else.
 *
 * @param {unknown} error
 * @returns {string}
 */
function textOf(error) {
  if (typeof error === 'string') return error;
  if (error === undefined || error === null) return '';
  if (error instanceof Uint8Array) return Buffer.from(error).toString();
  if (typeof error.message === 'string') return error.message;
  return String(error);
}

/** Whether the stock handler can certainly encode the response. */
function isPlain({ status, payload }) {
  return Number.isInteger(status) && (payload === undefined || payload instanceof Uint8Array);
}

/**
 * Wraps a chaincode so that each transaction is answered. The stock handler would leave a rejection,
 * and a response that it cannot encode, unhandled, and the peer would wait until its deadline.
 *
 * @param {{Init: Function, Invoke: Function}} chaincode
 * @param {object} tools
 * @param {object} tools.Shim
 * @param {import('./messages').Messages} tools.messages
 * @param {{error: Function}} tools.log
 */
function answering(chaincode, { Shim, messages, log }) {
  const answered = (method) => async (stub) => {
    try {
      const response = await chaincode[method](stub);
      if (!response?.status) return response; // The stock handler has words for it.
      const encodable = { ...response, message: textOf(response.message) };
      if (!isPlain(encodable)) messages.checkResponse(encodable);
      return encodable;
    } catch (error) {
      log.error(`${method} of transaction ${stub.getTxID()} failed: ${error?.stack ?? error}`);
      return Shim.error(textOf(error));
    }
  };
  return { Init: answered('Init'), Invoke: answered('Invoke') };
}

module.exports = { answering, textOf };
