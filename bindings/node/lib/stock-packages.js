'use strict';

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { InstallationError, STOCK_PACKAGES } = require('./installation');

const SHIM_MANIFEST = 'fabric-shim/package.json';

/**
 * Returns the `require` of a chaincode: of the file that its package.json calls `main`, symbolic
 * links resolved, as Node.js does for the chaincode itself.
 *
 * @param {string} modulePath the chaincode's folder
 */
function requireOf(modulePath) {
  const manifest = path.join(modulePath, 'package.json');
  let file = manifest;
  try {
    const { main } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    if (main) file = createRequire(manifest).resolve(path.resolve(modulePath, main));
  } catch {
    // The shim's bootstrap reports what is wrong with the folder.
  }
  return createRequire(fs.existsSync(file) ? fs.realpathSync(file) : file);
}

/** Returns the file's path, or undefined if the package is not installed. */
function tryResolve(requireFrom, file) {
  try {
    return requireFrom.resolve(file);
  } catch {
    return undefined;
  }
}

/**
 * Gives class-transformer the names that fabric-contract-api calls, if it lacks them: 0.4.1 renamed
 * them, against its own rules, and 0.5.1 brought the old names back. Call it before
 * fabric-contract-api is loaded, which takes the functions when it is loaded.
 *
 * @param {NodeRequire} requireFrom of fabric-contract-api
 */
function mendClassTransformer(requireFrom) {
  if (!tryResolve(requireFrom, 'class-transformer')) return;
  const transformer = requireFrom('class-transformer');
  transformer.classToPlain ??= transformer.instanceToPlain;
  transformer.plainToClass ??= transformer.plainToInstance;
}

function checkVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major !== 2 || minor < 5) {
    throw new InstallationError(
      `the contract has fabric-shim ${version}, but 2.5 is needed: ${STOCK_PACKAGES}`);
  }
}

/**
 * The stock packages that one chaincode uses: its own copies where it has them, and this package's
 * where it has none. The messages are those of the shim's own copy of fabric-protos. A second copy in
 * the same process would replace the classes of the first one, which both keep in one global object.
 */
class StockPackages {
  #require;

  /** @param {string} manifest the package.json of fabric-shim */
  constructor(manifest) {
    this.#require = createRequire(manifest);
    checkVersion(this.#require(manifest).version);
    const contractApi = tryResolve(this.#require, 'fabric-contract-api');
    if (contractApi) mendClassTransformer(createRequire(contractApi));
  }

  /**
   * @param {string} modulePath the chaincode's folder
   * @throws {InstallationError} if there is no fabric-shim, or a too old one
   */
  static of(modulePath) {
    const requireFrom = requireOf(modulePath);
    const contractApi = tryResolve(requireFrom, 'fabric-contract-api');
    if (contractApi) mendClassTransformer(createRequire(contractApi));
    const manifest = tryResolve(requireFrom, SHIM_MANIFEST) ?? tryResolve(require, SHIM_MANIFEST);
    if (!manifest) {
      throw new InstallationError(`no fabric-shim is installed for ${modulePath}: ${STOCK_PACKAGES}`);
    }
    return new StockPackages(manifest);
  }

  get Shim() {
    return this.#require('./lib/chaincode.js');
  }

  get Bootstrap() {
    return this.#require('./lib/contract-spi/bootstrap.js');
  }

  get ChaincodeFromContract() {
    return this.#require('./lib/contract-spi/chaincodefromcontract.js');
  }

  get ChaincodeMessageHandler() {
    return this.#require('./lib/handler.js').ChaincodeMessageHandler;
  }

  /** The messages of fabric-protos. */
  get peer() {
    return this.#require('@hyperledger/fabric-protos').peer;
  }

  /** The decoder of google-protobuf, of the copy that `peer` uses. */
  get BinaryReader() {
    const protos = createRequire(this.#require.resolve('@hyperledger/fabric-protos'));
    return protos('google-protobuf').BinaryReader;
  }
}

module.exports = { StockPackages, mendClassTransformer };
