'use strict';

const { X509Certificate, createHash, createPrivateKey } = require('node:crypto');
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const grpc = require('@grpc/grpc-js');
const { connect, signers } = require('@hyperledger/fabric-gateway');

function onlyFile(folder) {
  const names = readdirSync(folder);
  if (names.length !== 1) throw new Error(`${folder} has ${names.length} files`);
  return readFileSync(path.join(folder, names[0]));
}

/** An identity and what signs for it, of the variables with this prefix. */
function userOf(variables, prefix) {
  const key = createPrivateKey(onlyFile(variables[`${prefix}KEY_DIRECTORY_PATH`]));
  return {
    identity: {
      mspId: variables[`${prefix}MSP_ID`],
      credentials: onlyFile(variables[`${prefix}CERT_DIRECTORY_PATH`]),
    },
    signer: signers.newPrivateKeySigner(key),
  };
}

/**
 * A gRPC connection, with TLS if TLS_CERT_PATH names the certificate of a CA; TLS_CLIENT_CERT_PATH is then shown
 * to the other side.
 */
function clientOf({ PEER_ENDPOINT, PEER_HOST_ALIAS, TLS_CERT_PATH, TLS_CLIENT_CERT_PATH, TLS_CLIENT_KEY_PATH }) {
  if (!TLS_CERT_PATH) return new grpc.Client(PEER_ENDPOINT, grpc.credentials.createInsecure());
  const [root, key, certificate] = [TLS_CERT_PATH, TLS_CLIENT_KEY_PATH, TLS_CLIENT_CERT_PATH]
    .map((file) => (file ? readFileSync(file) : null));
  return new grpc.Client(PEER_ENDPOINT, grpc.credentials.createSsl(root, key, certificate), {
    'grpc.ssl_target_name_override': PEER_HOST_ALIAS,
  });
}

/** The hash of the application's own TLS certificate, if it has one. */
function tlsHashOf({ TLS_CLIENT_CERT_PATH }) {
  if (!TLS_CLIENT_CERT_PATH) return undefined;
  const { raw } = new X509Certificate(readFileSync(TLS_CLIENT_CERT_PATH));
  return createHash('sha256').update(raw).digest();
}

class Application {
  static async connect(variables) {
    const application = new Application();
    application.client = clientOf(variables);
    application.tlsClientCertificateHash = tlsHashOf(variables);
    application.user = userOf(variables, ''); // Of the organisation that MSP_ID names.
    application.other = userOf(variables, 'OTHER_'); // Of the organisation that OTHER_MSP_ID names.
    application.stranger = userOf(variables, 'STRANGER_'); // The channel does not have its organisation.
    application.channel = variables.CHANNEL_NAME;
    application.chaincode = variables.CHAINCODE_NAME; // The contract on the shim.
    application.gateway = application.connectAs(application.user);
    application.network = application.gateway.getNetwork(application.channel);
    application.contract = application.network.getContract(application.chaincode);
    application.assets = application.network.getContract(variables.ASSETS_NAME);
    return application;
  }

  /** Connects one more gateway over the same connection. */
  connectAs(user, options = {}) {
    const { client, tlsClientCertificateHash } = this;
    return connect({ client, tlsClientCertificateHash, ...user, ...options });
  }

  /** Has `use` do something with a further gateway, its network and its contract. */
  async as(user, options, use) {
    const gateway = this.connectAs(user, options);
    try {
      const network = gateway.getNetwork(this.channel);
      return await use(network.getContract(this.chaincode), network, gateway);
    } finally {
      gateway.close();
    }
  }

  /** The user's identity with the key of somebody else. */
  get forged() {
    return { identity: this.user.identity, signer: this.other.signer };
  }

  /** Submits a transaction with an event, and returns its status. */
  async emitted(name) {
    return (await this.contract.submitAsync('emit', { arguments: [name] })).getStatus();
  }

  close() {
    this.gateway.close();
    this.client.close();
  }
}

module.exports = { Application };
