'use strict';

/**
 * A language in which the contracts of the stories are written, and a way to run them.
 *
 * @typedef {object} Language
 * @property {string} name
 * @property {(settings?: Record<string, string>, bridgeSettings?: Record<string, string>) =>
 *   Promise<ContractService>} start starts a service whose startContract(contract, name) runs a contract:
 *   'contract', 'ledger-contract' or 'interface-chaincode', with a registered name, and waits until it is
 *   registered. The stories of connections and calls also need spawnContract(), which does not wait, and
 *   startContracts(contract, names)
 * @property {object} expects where the shims of the languages differ
 * @property {(certificate: import('node:crypto').X509Certificate) => string} expects.clientId
 * @property {Record<string, string>} expects.misuse what the stub refuses by itself, with its text
 * @property {(text: RegExp) => RegExp} expects.refusal what a contract gets to know when the peer has said `text`
 * @property {number} expects.lost the status of a program that has lost its peer
 * @property {string} expects.status a status of its own that a contract may return
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

/** What most shims do: they say what the peer says, and know no status from another. */
const PLAIN = { refusal: (text) => text, status: '404' };

/** @type {Language} */
const node = {
  name: 'Node.js',
  start: (settings) => NodeService.start(settings),
  expects: {
    ...PLAIN,
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
  ...PLAIN,
  lost: 1,
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
  startContract(contract, name, { env, address } = {}) {
    return this.startGo(programOf(contract), name, env, address);
  }

  spawnContract(contract, name, env) {
    return this.spawnGo(programOf(contract), name, env);
  }

  startContracts(contract, names) {
    return Promise.all(names.map((name) => this.startContract(contract, name)));
  }
}

/** Runs the contract in Go as a service, to which the bridge connects. */
class GoServices extends BridgedService {
  startContract(contract, name, options) {
    return this.startGoService(programOf(contract), name, options);
  }

  spawnContract(contract, name, address) {
    return this.spawnGoService(programOf(contract), name, address);
  }
}

/** @type {Language} */
const go = { name: 'Go', start: (...settings) => GoClients.start(...settings), expects: goExpects };

/** @type {Language} */
const goService = {
  name: 'Go as a service', start: (settings) => GoServices.start(settings), expects: goExpects,
};

/**
 * What the shim for Java expects. It drops what the peer says when it refuses, it can only return the three
 * statuses that it has names for, and it allows empty parts of a composite key.
 */
const javaExpects = {
  lost: 0,
  refusal: () => /\[[0-9a-f]{8}\]Unsuccessful response received\.$/,
  status: '400',
  clientId({ subject, issuer }) {
    const [of, by] = [subject, issuer].map((lines) => rdnsOf(lines).reverse().join(', '));
    return `x509::${of}::${by}`;
  },
  misuse: {
    emptyEvent: 'event name can not be nil string',
    emptyKey: 'key cannot not be an empty string',
    emptyCollection: 'collection must not be an empty string',
    nullInAttribute: "For input string 'a\u0000b', found 'U+000000' at index 1.",
    compositeRange: "First character of the key [\u0000car] contains a 'U+000000' which is not allowed",
    notComposite: "For input string 'simple', found 'U+000073' at index 0.",
  },
};

const PER_MACHINE = 8;

/** Runs the contracts in Java, which connect to the bridge as to a peer. */
class JavaClients extends BridgedService {
  startContract(contract, name, { env, address } = {}) {
    return this.startJava(programOf(contract), name, env, address);
  }

  spawnContract(contract, name, env) {
    return this.spawnJava(programOf(contract), name, env);
  }

  /** Several in each process: a virtual machine takes 100 MiB and two seconds of the processor. */
  async startContracts(contract, names) {
    const processes = [];
    for (let i = 0; i < names.length; i += PER_MACHINE) {
      const together = names.slice(i, i + PER_MACHINE);
      const one = await this.startContract(contract, together[0], { env: { CHAINCODES: together.join() } });
      for (const name of together) {
        await this.waitForReady(name, 1, () => one.running);
        processes.push(one);
      }
    }
    return processes;
  }
}

/** Runs the contracts in Java as a service, to which the bridge connects. */
class JavaServices extends BridgedService {
  startContract(contract, name, options) {
    return this.startJavaService(programOf(contract), name, options);
  }

  spawnContract(contract, name, address) {
    return this.spawnJavaService(programOf(contract), name, address);
  }
}

/** @type {Language} */
const java = { name: 'Java', start: (...settings) => JavaClients.start(...settings), expects: javaExpects };

/** @type {Language} */
const javaService = {
  name: 'Java as a service', start: (settings) => JavaServices.start(settings), expects: javaExpects,
};

module.exports = { go, goService, java, javaService, node, nodeByGrpc, nodeService };
