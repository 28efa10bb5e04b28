#!/usr/bin/env node
'use strict';

const { parseArgs } = require('node:util');

const { parseEndpoint } = require('./address');

const EXIT_STOPPED = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const USAGE = `\
Runs a Fabric chaincode written for Node.js against a ccbus peer until SIGINT or SIGTERM.

usage: ccbus-chaincode-node start [options]

  --peer.address ADDRESS      host:port or tcp://host:port
                              (CORE_PEER_ADDRESS, else tcp://127.0.0.1:7052)
  --chaincode-id-name NAME    the name to register, such as basic or basic:1.0
                              (CORE_CHAINCODE_ID_NAME)
  --module-path PATH          the contract's folder, with its package.json
                              (CORE_MODULE_PATH, else the current folder)
  --help                      this text

Example:
  ccbus-chaincode-node start --peer.address tcp://127.0.0.1:7052 --chaincode-id-name basic

CORE_CHAINCODE_LOGGING_LEVEL is critical, error, warning, info or debug, as for Fabric.
Exit codes: 0 stopped by a signal, 1 the contract cannot be loaded, 2 wrong usage.
`;

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{help: true} | {peerAddress: string, chaincodeId: string, modulePath: string}}
 * @throws {TypeError} if the arguments are invalid
 */
function parse(args, env) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'peer.address': { type: 'string' },
      'chaincode-id-name': { type: 'string' },
      'module-path': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { help: true };
  if (positionals.length !== 1 || positionals[0] !== 'start') {
    throw new TypeError("the one command is 'start'");
  }
  const peerAddress = values['peer.address'] ?? env.CORE_PEER_ADDRESS ?? 'tcp://127.0.0.1:7052';
  const chaincodeId = values['chaincode-id-name'] ?? env.CORE_CHAINCODE_ID_NAME;
  const modulePath = values['module-path'] ?? env.CORE_MODULE_PATH ?? process.cwd();
  parseEndpoint(peerAddress);
  if (!chaincodeId) throw new TypeError('--chaincode-id-name or CORE_CHAINCODE_ID_NAME is needed');
  return { peerAddress, chaincodeId, modulePath };
}

/** Prints the text, and ends the process when it has been written. */
function leave(stream, text, exitCode) {
  stream.write(text, () => process.exit(exitCode));
}

async function main() {
  let options;
  try {
    options = parse(process.argv.slice(2), process.env);
  } catch (error) {
    leave(process.stderr, `ccbus-chaincode-node: ${error.message}; see --help\n`, EXIT_USAGE);
    return;
  }
  if (options.help) {
    leave(process.stdout, USAGE, EXIT_STOPPED);
    return;
  }
  try {
    // Loaded only now: the stock shim takes long to load, and --help should not wait for it.
    const { loadChaincode } = require('./contract');
    const { start } = require('./start');
    const { chaincode, ...shim } = await loadChaincode(options.modulePath);
    const connection = start(chaincode, { ...options, ...shim });
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        connection.stop();
        process.exit(EXIT_STOPPED);
      });
    }
  } catch (error) {
    leave(process.stderr,
      `ccbus-chaincode-node: cannot start the contract in ${options.modulePath}: ` +
        `${error?.stack ?? error}\n`,
      EXIT_FAILED);
  }
}

main();
