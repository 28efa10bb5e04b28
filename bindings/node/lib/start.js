'use strict';

const stock = require('fabric-shim');
const { ChaincodeMessageHandler: StockHandler } = require('fabric-shim/lib/handler.js');

const { parseEndpoint } = require('./address');
const { Connection } = require('./connection');

/**
 * Wraps the chaincode so that a rejection becomes a failed transaction. The stock handler would
 * leave it unhandled, and the peer would wait until its deadline.
 *
 * @param {object} chaincode
 * @param {object} Shim
 * @param {{error: Function}} log
 */
function answeringRejections(chaincode, Shim, log) {
  const answering = (method) => async (stub) => {
    try {
      return await chaincode[method](stub);
    } catch (error) {
      log.error(`${method} of transaction ${stub.getTxID()} failed: ${error?.stack ?? error}`);
      return Shim.error(String(error?.message ?? error));
    }
  };
  return { Init: answering('Init'), Invoke: answering('Invoke') };
}

/**
 * Registers a chaincode with the peer and serves it until it is stopped. If the connection breaks
 * or the peer restarts, it registers again.
 *
 * @param {object} chaincode with Init(stub) and Invoke(stub)
 * @param {object} options
 * @param {string} options.peerAddress host:port or tcp://host:port
 * @param {string} options.chaincodeId the name to register
 * @param {number} [options.answerMs] how long the peer may take to accept the connection, and then
 *     to answer the registration; by default ten seconds
 * @param {object} [options.Shim] which copy of fabric-shim the chaincode is written for
 * @param {Function} [options.ChaincodeMessageHandler] of the same copy
 * @returns {{stop(): void}}
 * @throws {TypeError} if the address or the chaincode is invalid
 */
function start(chaincode, options) {
  const { peerAddress, chaincodeId, answerMs } = options;
  const { Shim = stock, ChaincodeMessageHandler = StockHandler } = options;
  if (typeof chaincode?.Init !== 'function' || typeof chaincode?.Invoke !== 'function') {
    throw new TypeError('a chaincode has the methods Init and Invoke');
  }
  const log = Shim.newLogger('ccbus');
  const answering = answeringRejections(chaincode, Shim, log);
  const connection = new Connection({
    endpoint: parseEndpoint(peerAddress),
    chaincodeId,
    startHandler: (stream, registration) =>
      new ChaincodeMessageHandler(stream, answering).chat(registration),
    log,
    answerMs,
  });
  connection.open();
  return connection;
}

module.exports = { start };
