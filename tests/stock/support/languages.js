'use strict';

/**
 * A language in which the contracts of the stories are written, and a way to run them.
 *
 * @typedef {object} Language
 * @property {string} name
 * @property {(settings?: Record<string, string>) => Promise<ContractService>} start starts a service whose
 *   startContract(contract, name) runs a contract: 'contract', 'ledger-contract' or
 *   'interface-chaincode', with a registered name, and waits until it is registered
 * @property {object} expects where the shims of the languages differ
 * @property {(certificate: import('node:crypto').X509Certificate) => string} expects.clientId
 * @property {Record<string, string>} expects.misuse what the stub refuses by itself, with its text
 *
 * @typedef {import('../../../bindings/node/tests/support/service').Service & {
 *   startContract: (contract: string, name?: string) =>
 *     Promise<import('../../../bindings/node/tests/support/process').Process>}} ContractService
 */

const path = require('node:path');

const { Service } = require('../../../bindings/node/tests/support/service');
const { BridgedService } = require('./bridge');

/** Runs the contracts in JavaScript by this project's package, over ZeroMQ. */
class NodeService extends Service {
  startContract(contract, name) {
    return this.startChaincode(path.join(__dirname, '..', contract), name);
  }
}

const rdnsOf = (lines) => lines.split('\n');

/** @type {Language} */
const node = {
  name: 'Node.js',
  start: (settings) => NodeService.start(settings),
  expects: {
    clientId({ subject, issuer }) {
      const [of, by] = [subject, issuer].map((lines) => rdnsOf(lines).map((rdn) => `/${rdn}`).join(''));
      return `x509::${of}::${by}`;
    },
    misuse: {
      emptyEvent: 'Event name must be a non-empty string',
      emptyObjectType: 'object type or attribute not a non-zero length string',
      emptyAttribute: 'object type or attribute not a non-zero length string',
      compositeRange:
        'first character of the key [\u0000car] contains a null character which is not allowed',
      notComposite: '{"objectType":null,"attributes":[]}',
    },
  },
};

/** Runs the contracts in JavaScript by the stock shim, which connects to the bridge as to a peer. */
class NodeClients extends BridgedService {
  startContract(contract, name) {
    return this.startNode(contract, name);
  }
}

/** Runs the contracts in JavaScript as a service, to which the bridge connects. */
class NodeServices extends BridgedService {
  startContract(contract, name) {
    return this.startNodeService(contract, name);
  }
}

/** @type {Language} */
const nodeByGrpc = {
  ...node, name: 'Node.js by gRPC', start: (settings) => NodeClients.start(settings),
};

/** @type {Language} */
const nodeService = {
  ...node, name: 'Node.js as a service', start: (settings) => NodeServices.start(settings),
};

/**
 * What the shim for Go expects: it allows empty parts of a composite key, and panics where a key that is
 * not composite is split.
 */
const goExpects = {
  clientId({ subject, issuer }) {
    const [of, by] = [subject, issuer].map((lines) => rdnsOf(lines).reverse().join());
    return Buffer.from(`x509::${of}::${by}`).toString('base64');
  },
  misuse: {
    emptyEvent: 'event name can not be empty string',
    emptyKey: 'key must not be an empty string',
    emptyCollection: 'collection must not be an empty string',
    nullInAttribute:
      'input contains unicode U+0000 starting at position [1]. U+0000 and U+10FFFF are not allowed in ' +
      'the input attribute of a composite key',
    compositeRange:
      'first character of the key [\u0000car] contains a null character which is not allowed',
    notComposite: 'panic of the shim',
  },
};

const programOf = (contract) => (contract === 'assets' ? 'assets' : 'contract');

/** Runs the contract in Go, which connects to the bridge as to a peer. */
class GoClients extends BridgedService {
  startContract(contract, name) {
    return this.startGo(programOf(contract), name);
  }
}

/** Runs the contract in Go as a service, to which the bridge connects. */
class GoServices extends BridgedService {
  startContract(contract, name) {
    return this.startGoService(programOf(contract), name);
  }
}

/** @type {Language} */
const go = { name: 'Go', start: (settings) => GoClients.start(settings), expects: goExpects };

/** @type {Language} */
const goService = {
  name: 'Go as a service', start: (settings) => GoServices.start(settings), expects: goExpects,
};

module.exports = { go, goService, node, nodeByGrpc, nodeService };
