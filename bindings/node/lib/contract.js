'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');

/**
 * The stock shim, as the contract sees it: the contract's own copy where it has one, so that its
 * classes and ours are the same.
 *
 * @param {string} modulePath the contract's folder
 * @throws {Error} for people, when that copy is too old
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
 * Loads what stands in a folder with a package.json: contract classes, found by the shim's own
 * bootstrap as `fabric-chaincode-node start` finds them, or one chaincode with Init and Invoke.
 *
 * @param {string} modulePath
 * @returns {Promise<{chaincode: object, Shim: object, ChaincodeMessageHandler: Function}>}
 * @throws {Error} whatever the contract throws, too
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
