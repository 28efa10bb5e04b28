'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');

/**
 * Returns the stock shim that the contract uses: the contract's own copy if it has one, so that
 * both sides use the same classes.
 *
 * @param {string} modulePath the contract's folder
 * @throws {Error} if that copy is too old
 */
function findShim(modulePath) {
  let requireFrom = createRequire(path.join(modulePath, 'package.json'));
  try {
    requireFrom.resolve('fabric-shim/package.json');
  } catch {
    requireFrom = require;
  }
  const { version } = requireFrom('fabric-shim/package.json');
  const [major, minor] = version.split('.').map(Number);
  if (major !== 2 || minor < 5) {
    throw new Error(
      `the contract has fabric-shim ${version}, but 2.5 is needed: ` +
        'npm install fabric-shim@~2.5 fabric-contract-api@~2.5');
  }
  return {
    Shim: requireFrom('fabric-shim').Shim,
    Bootstrap: requireFrom('fabric-shim/lib/contract-spi/bootstrap.js'),
    ChaincodeFromContract: requireFrom('fabric-shim/lib/contract-spi/chaincodefromcontract.js'),
    ChaincodeMessageHandler: requireFrom('fabric-shim/lib/handler.js').ChaincodeMessageHandler,
  };
}

/** @returns {object|undefined} the chaincode, if `exported` is an instance or a class of one */
function asChaincode(exported) {
  const isChaincode = (value) =>
    typeof value?.Init === 'function' && typeof value?.Invoke === 'function';
  if (isChaincode(exported)) return exported;
  return isChaincode(exported?.prototype) ? new exported() : undefined;
}

/**
 * Loads the chaincode of a folder with a package.json: contract classes, which the shim's own
 * bootstrap finds as for `fabric-chaincode-node start`, or one chaincode with Init and Invoke.
 *
 * @param {string} modulePath
 * @returns {Promise<{chaincode: object, Shim: object, ChaincodeMessageHandler: Function}>}
 * @throws {Error} also whatever the contract throws
 */
async function loadChaincode(modulePath) {
  const folder = path.resolve(modulePath);
  const { Shim, Bootstrap, ChaincodeFromContract, ChaincodeMessageHandler } = findShim(folder);
  const { contracts, serializers, title, version } = Bootstrap.getInfoFromContract(folder);
  let chaincode = contracts.length === 1 ? asChaincode(contracts[0]) : undefined;
  if (!chaincode) {
    const metadata = await Bootstrap.getMetadata(folder);
    chaincode = new ChaincodeFromContract(contracts, serializers, metadata, title, version);
  }
  return { chaincode, Shim, ChaincodeMessageHandler };
}

module.exports = { loadChaincode };
