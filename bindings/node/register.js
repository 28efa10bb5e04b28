'use strict';

// Loaded before a chaincode that calls shim.start itself, which then runs unmodified:
//
//     node --require ccbus-chaincode-node/register index.js --chaincode-id-name basic
//
// Each copy of fabric-shim that the process loads gets a `start` that connects to ccbus.
const Module = require('node:module');
const path = require('node:path');

const { insteadOfServer, parseStart } = require('./lib/options');
const { StockPackages, mendClassTransformer } = require('./lib/stock-packages');
const { stopOnSignal } = require('./lib/until-signal');

const isShim = (file) => file.endsWith(path.join('fabric-shim', 'lib', 'chaincode.js'));
const takesTransformer = (file) =>
  file.endsWith(path.join('fabric-contract-api', 'lib', 'jsontransactionserializer.js'));

/** Sets the exit code too: the stock logger takes uncaught exceptions, with which a process ends with 0. */
function fail(error) {
  process.exitCode = 1;
  throw error;
}

/** Reads the options as the stock `start` does: from the program's own arguments. */
function readOptions() {
  try {
    return parseStart(process.argv.slice(2), process.env, { strict: false });
  } catch (error) {
    return fail(error);
  }
}

/** Replaces what talks to a peer. */
function connectToCcbus(Shim, file) {
  const packages = new StockPackages(path.join(path.dirname(file), '..', 'package.json'));
  Shim.start = (chaincode) => {
    const { start } = require('./lib/start');
    const options = readOptions();
    const gaveUp = () => { process.exitCode = 1; };
    const connection = start(chaincode, { ...options, packages, gaveUp });
    stopOnSignal(connection);
    // The stock client's way to end the registration.
    return Object.assign(connection, { close: () => connection.stop() });
  };
  Shim.server = (_, options) => fail(new Error(insteadOfServer(options?.ccid)));
}

const load = Module._extensions['.js'];
Module._extensions['.js'] = function loadStock(module, file) {
  if (takesTransformer(file)) mendClassTransformer(Module.createRequire(file));
  load.call(this, module, file);
  if (isShim(file)) connectToCcbus(module.exports, file);
};
