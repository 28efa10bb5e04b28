'use strict';

/** @param {object} message a ChaincodeMessage */
const transactionOf = (message) => JSON.stringify([message.getChannelId(), message.getTxid()]);

/**
 * The requests to the peer that wait for an answer: at most one for each transaction, because the
 * shim sends the next request only after the answer to the last.
 */
class OpenRequests {
  #messages;
  #byTransaction = new Map();

  /** @param {import('./messages').Messages} messages */
  constructor(messages) {
    this.#messages = messages;
  }

  /** @param {object} message sent by the chaincode */
  sent(message) {
    if (this.#messages.isRequest(message)) this.#byTransaction.set(transactionOf(message), message);
  }

  /** @param {object} message received from the peer */
  received(message) {
    const { Type } = this.#messages;
    const type = message.getType();
    if (type === Type.RESPONSE || type === Type.ERROR) {
      this.#byTransaction.delete(transactionOf(message));
    }
  }

  /** @returns {object[]} all open requests, which are then removed */
  takeAll() {
    const requests = [...this.#byTransaction.values()];
    this.#byTransaction.clear();
    return requests;
  }
}

module.exports = { OpenRequests };
