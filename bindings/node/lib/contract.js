'use strict';

const path = require('node:path');

const { StockPackages } = require('./stock-packages');

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
 * @returns {Promise<{chaincode: object, packages: StockPackages}>}
 * @throws {Error} also whatever the contract throws
 */
async function loadChaincode(modulePath) {
  const folder = path.resolve(modulePath);
  const packages = StockPackages.of(folder);
  const { Bootstrap, ChaincodeFromContract } = packages;
  const { contracts, serializers, title, version } = Bootstrap.getInfoFromContract(folder);
  let chaincode = contracts.length === 1 ? asChaincode(contracts[0]) : undefined;
  if (!chaincode) {
    const metadata = await Bootstrap.getMetadata(folder);
    chaincode = new ChaincodeFromContract(contracts, serializers, metadata, title, version);
  }
  return { chaincode, packages };
}

module.exports = { loadChaincode };
