'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs/promises');
const path = require('node:path');

const grpc = require('@grpc/grpc-js');
const { signers } = require('@hyperledger/fabric-gateway');

const variable = (name, otherwise) => process.env[name] || otherwise;

const cryptoPath = variable('CRYPTO_PATH', path.resolve(
  __dirname, '../../../test-network/organizations/peerOrganizations/org1.example.com'));
const user = path.join(cryptoPath, 'users/User1@org1.example.com/msp');
const keyDirectoryPath = variable('KEY_DIRECTORY_PATH', path.join(user, 'keystore'));
const certDirectoryPath = variable('CERT_DIRECTORY_PATH', path.join(user, 'signcerts'));
const tlsCertPath = variable(
  'TLS_CERT_PATH', path.join(cryptoPath, 'peers/peer0.org1.example.com/tls/ca.crt'));

async function firstFile(directory) {
  const [name] = await fs.readdir(directory);
  return fs.readFile(path.join(directory, name));
}

exports.newGrpcConnection = async () => new grpc.Client(
  variable('PEER_ENDPOINT', 'localhost:7051'),
  grpc.credentials.createSsl(await fs.readFile(tlsCertPath)),
  { 'grpc.ssl_target_name_override': variable('PEER_HOST_ALIAS', 'peer0.org1.example.com') });

exports.newIdentity = async () =>
  ({ mspId: variable('MSP_ID', 'Org1MSP'), credentials: await firstFile(certDirectoryPath) });

exports.newSigner = async () =>
  signers.newPrivateKeySigner(crypto.createPrivateKey(await firstFile(keyDirectoryPath)));
