#!/usr/bin/env node
'use strict';

const { parseCommand } = require('./options');
const { stopOnSignal } = require('./until-signal');

const EXIT_STOPPED = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Prints the text, and ends the process when it has been written. */
function leave(stream, text, exitCode) {
  stream.write(text, () => process.exit(exitCode));
}

async function main() {
  let options;
  try {
    options = parseCommand(process.argv.slice(2), process.env);
  } catch (error) {
    leave(process.stderr, `ccbus-chaincode-node: ${error.message}; see --help\n`, EXIT_USAGE);
    return;
  }
  if (options.text) {
    leave(process.stdout, options.text, EXIT_STOPPED);
    return;
  }
  try {
    // Loaded only now: the stock shim takes long to load, and --help should not wait for it.
    const { loadChaincode } = require('./contract');
    const { start } = require('./start');
    const { chaincode, packages } = await loadChaincode(options.modulePath);
    const gaveUp = () => { process.exitCode = EXIT_FAILED; };
    stopOnSignal(start(chaincode, { ...options, packages, gaveUp }));
  } catch (error) {
    const { InstallationError } = require('./installation');
    const reason = error instanceof InstallationError ? error.message : error?.stack ?? error;
    leave(process.stderr,
      `ccbus-chaincode-node: cannot start the contract in ${options.modulePath}: ${reason}\n`,
      EXIT_FAILED);
  }
}

main();
