'use strict';

const { peer } = require('@hyperledger/fabric-protos');

const { Type } = peer.ChaincodeMessage;

/** The messages of the chaincode that have no answer. */
const STATEMENTS = new Set([Type.REGISTER, Type.COMPLETED, Type.ERROR, Type.KEEPALIVE]);

/** @param {peer.ChaincodeMessage} message */
const transactionOf = (message) => JSON.stringify([message.getChannelId(), message.getTxid()]);

/**
 * Makes the answer for a request whose stream has ended.
 *
 * @param {peer.ChaincodeMessage} request
 * @param {string} reason
 * @returns {peer.ChaincodeMessage}
 */
function failureOf(request, reason) {
  const failure = new peer.ChaincodeMessage();
  failure.setType(Type.ERROR);
  failure.setTxid(request.getTxid());
  failure.setChannelId(request.getChannelId());
  failure.setPayload(Buffer.from(reason));
  return failure;
}

/**
 * The requests to the peer that wait for an answer: at most one for each transaction, because the
 * shim sends the next request only after the answer to the last.
 */
class OpenRequests {
  #byTransaction = new Map();

  /** @param {peer.ChaincodeMessage} message sent by the chaincode */
  static isRequest(message) {
    return !STATEMENTS.has(message.getType());
  }

  /** @param {peer.ChaincodeMessage} message sent by the chaincode */
  sent(message) {
    if (OpenRequests.isRequest(message)) this.#byTransaction.set(transactionOf(message), message);
  }

  /** @param {peer.ChaincodeMessage} message received from the peer */
  received(message) {
    const type = message.getType();
    if (type === Type.RESPONSE || type === Type.ERROR) {
      this.#byTransaction.delete(transactionOf(message));
    }
  }

  /** @returns {peer.ChaincodeMessage[]} all open requests, which are then removed */
  takeAll() {
    const requests = [...this.#byTransaction.values()];
    this.#byTransaction.clear();
    return requests;
  }
}

module.exports = { OpenRequests, failureOf };
