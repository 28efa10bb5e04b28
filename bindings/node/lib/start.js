'use strict';

const path = require('node:path');

const { parseEndpoint } = require('./address');
const { answering } = require('./answering');
const { Connection } = require('./connection');
const { Messages } = require('./messages');
const { StockPackages } = require('./stock-packages');

/** What a Fabric peer sets in the environment of each chaincode that it starts. */
const LOCAL_MSP_ID = 'CORE_PEER_LOCALMSPID';

/** Returns what takes the peer's MSP id from READY, unless the user has set one. */
function localMspIdSetter(messages) {
  if (process.env[LOCAL_MSP_ID] !== undefined) return () => {};
  return (ready) => {
    const mspId = messages.localMspIdOf(ready);
    if (mspId !== '') process.env[LOCAL_MSP_ID] = mspId;
  };
}

function programFolder() {
  const program = require.main?.filename ?? process.argv[1];
  return program ? path.dirname(program) : process.cwd();
}

/**
 * Registers a chaincode with the peer and serves it until it is stopped. If the connection breaks
 * or the peer restarts, it registers again. It gives up only if the address is that of the endpoint
 * for clients.
 *
 * @param {object} chaincode with Init(stub) and Invoke(stub)
 * @param {object} options
 * @param {string} options.peerAddress host:port or tcp://host:port
 * @param {string} options.chaincodeId the name to register
 * @param {string} [options.modulePath] the chaincode's folder, whose copy of fabric-shim is used; by
 *     default that of the program
 * @param {StockPackages} [options.packages] instead of those of modulePath
 * @param {number} [options.answerMs] how long the peer may take to accept the connection, and then
 *     to answer the registration; by default ten seconds
 * @param {() => void} [options.gaveUp] called once if it gives up
 * @param {object} [options.socketOptions] of ZeroMQ, instead of the usual ones
 * @returns {{stop(): void}}
 * @throws {TypeError} if the address or the chaincode is invalid
 */
function start(chaincode, options) {
  const { peerAddress, chaincodeId, modulePath, answerMs, gaveUp, socketOptions } = options;
  if (typeof chaincode?.Init !== 'function' || typeof chaincode?.Invoke !== 'function') {
    throw new TypeError('a chaincode has the methods Init and Invoke');
  }
  const endpoint = parseEndpoint(peerAddress);
  const packages = options.packages ?? StockPackages.of(modulePath ?? programFolder());
  const { Shim, ChaincodeMessageHandler } = packages;
  const messages = new Messages(packages);
  const log = Shim.newLogger('ccbus');
  if (process.env.CORE_PEER_TLS_ENABLED?.toLowerCase() === 'true') {
    log.warn('CORE_PEER_TLS_ENABLED has no effect: ccbus speaks ZeroMQ without TLS');
  }
  const wrapped = answering(chaincode, { Shim, messages, log });
  const connection = new Connection({
    endpoint,
    chaincodeId,
    messages,
    startHandler: (stream, registration) =>
      new ChaincodeMessageHandler(stream, wrapped).chat(registration),
    log,
    announced: localMspIdSetter(messages),
    gaveUp,
    answerMs,
    socketOptions,
  });
  connection.open();
  return connection;
}

module.exports = { start };
