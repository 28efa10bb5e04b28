'use strict';

const { execFile } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { BridgedService } = require('./bridge');

const run = promisify(execFile);

const APPLICATION = path.join(__dirname, '../application');
const POLICY = "AND('Org1MSP.peer', 'Org2MSP.peer')";

/**
 * What an application of fabric-samples finds: the organisations Org1 and Org2 with their certificates
 * in folders, a channel of the two, and on it the chaincodes basic and assets, which both have to
 * endorse. Beside it a third organisation that the channel does not have.
 */
class Network extends BridgedService {
  #folder;
  #chaincodes = [];
  #tls;

  /** @param {{tls?: 'of the bridge' | 'of both sides'}} [options] whose certificate is shown, if any */
  static async start({ tls } = {}) {
    const folder = mkdtempSync(path.join(tmpdir(), 'ccbus-network-'));
    await run(process.env.CCBUS, ['dev', 'crypto', '--out', folder, '--orgs', 'Org1,Org2,Org3']);
    const identities = [1, 2].map((org) => `Org${org}MSP:${peerFolder(folder, org)}/msp`);
    const network = await super.start(
      {
        'ledger.directory': path.join(folder, 'ledger'),
        'peer.localMspId': 'Org1MSP',
        'peer.identities': identities.join(),
      },
      tls ? tlsSettings(tlsFolder(folder), tls) : {});
    network.#folder = folder;
    network.#tls = tls;
    await network.orStop(network.#configure());
    return network;
  }

  async #configure() {
    const orgs = [1, 2].flatMap((org) => ['--org', `Org${org}MSP:${orgFolder(this.#folder, org)}/msp`]);
    for (const [program, name] of [['contract', 'basic'], ['assets', 'assets']]) {
      await this.startChaincodeOf(name, program);
      await this.ccbus('chaincode', 'define', '-C', 'mychannel', '-n', name, '--signature-policy', POLICY,
        '--collections-config', path.join(APPLICATION, 'collections_config.json'));
    }
    // Last: from then on nothing is defined without an administrator of each organisation.
    await this.ccbus('channel', 'config', 'init', '-C', 'mychannel', ...orgs);
  }

  /** Starts one more process of a chaincode. */
  async startChaincodeOf(name, program = 'contract') {
    const chaincode = await this.startGo(program, name, { CORE_PEER_LOCALMSPID: 'Org1MSP' });
    this.#chaincodes.push(chaincode);
    return chaincode;
  }

  /** The processes of the chaincodes, in the order of their starts. */
  get chaincodes() {
    return this.#chaincodes;
  }

  /** The variables of an application of fabric-samples, and of the two other users that ours has. */
  variables() {
    return {
      PEER_ENDPOINT: this.bridgeClients,
      PEER_HOST_ALIAS: 'peer0.org1.example.com',
      ...this.#tlsVariables(),
      CHANNEL_NAME: 'mychannel',
      CHAINCODE_NAME: 'basic',
      ASSETS_NAME: 'assets',
      ...this.#userVariables('', 1),
      ...this.#userVariables('OTHER_', 2),
      ...this.#userVariables('STRANGER_', 3),
    };
  }

  /** Where test-network of fabric-samples has the organisation Org1. */
  get cryptoPath() {
    return orgFolder(this.#folder, 1);
  }

  #tlsVariables() {
    if (!this.#tls) return {};
    const own = path.join(orgFolder(this.#folder, 1), 'users/User1@org1.example.com/tls');
    return {
      TLS_CERT_PATH: path.join(tlsFolder(this.#folder), 'ca.crt'),
      ...(this.#tls === 'of both sides' && {
        TLS_CLIENT_CERT_PATH: path.join(own, 'client.crt'),
        TLS_CLIENT_KEY_PATH: path.join(own, 'client.key'),
      }),
    };
  }

  #userVariables(prefix, org) {
    const msp = path.join(orgFolder(this.#folder, org), `users/User1@org${org}.example.com/msp`);
    return {
      [`${prefix}MSP_ID`]: `Org${org}MSP`,
      [`${prefix}CERT_DIRECTORY_PATH`]: path.join(msp, 'signcerts'),
      [`${prefix}KEY_DIRECTORY_PATH`]: path.join(msp, 'keystore'),
    };
  }

  async stop() {
    for (const chaincode of this.#chaincodes) await chaincode.stop();
    await super.stop();
    if (this.#folder) rmSync(this.#folder, { recursive: true });
  }
}

const orgFolder = (folder, org) =>
  path.join(folder, `organizations/peerOrganizations/org${org}.example.com`);
const peerFolder = (folder, org) =>
  path.join(orgFolder(folder, org), `peers/peer0.org${org}.example.com`);
const tlsFolder = (folder) => path.join(peerFolder(folder, 1), 'tls');
const tlsSettings = (folder, whose) => ({
  'tls.enabled': 'true',
  'tls.cert.file': path.join(folder, 'server.crt'),
  'tls.key.file': path.join(folder, 'server.key'),
  ...(whose === 'of both sides' && {
    'tls.clientAuthRequired': 'true',
    'tls.clientRootCAs.files': path.join(folder, 'ca.crt'),
  }),
});

module.exports = { Network };
