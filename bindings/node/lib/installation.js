'use strict';

const path = require('node:path');

const OWN_FOLDER = path.join(__dirname, '..');
const STOCK_PACKAGES = 'npm install fabric-shim@~2.5 fabric-contract-api@~2.5';

/** Packages are missing or too old. Its text says what to type; a stack would not help. */
class InstallationError extends Error {}

/**
 * Loads ZeroMQ for Node.js.
 *
 * @throws {InstallationError} if it is not installed, as after `npm install` of a folder, which makes
 *     a link to the folder and leaves out what the folder needs
 */
function loadZeromq() {
  try {
    return require('zeromq');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new InstallationError(
      `${OWN_FOLDER} has no dependencies installed; install a copy of it in the contract's folder: ` +
        `npm install --install-links ${OWN_FOLDER}`);
  }
}

module.exports = { InstallationError, STOCK_PACKAGES, loadZeromq };
