'use strict';

const fs = require('node:fs');

const KEY = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/; // Z85

/** The lines of the section `curve` of a ZPL certificate, as CZMQ, pyzmq and `ccbus keygen` write it. */
function readCertificate(file) {
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch ({ message }) {
    throw new TypeError(`certificate ${file}: ${message}`);
  }
  const keys = {};
  let section;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^([\w-]+)\s*(#.*)?$/.exec(line);
    if (heading) section = heading[1];
    const property = /^ {4}([\w-]+)\s*=\s*(["']?)(.*?)\2\s*$/.exec(line);
    if (property && section === 'curve') keys[property[1]] = property[3];
  }
  for (const name of ['public-key', 'secret-key']) {
    if (keys[name] !== undefined && !KEY.test(keys[name])) {
      throw new TypeError(`certificate ${file}: '${name}' is not a key of 40 characters`);
    }
  }
  if (keys['public-key'] === undefined) throw new TypeError(`certificate ${file}: no public key`);
  return keys;
}

/** As CZMQ does: NAME_secret, if it stands beside NAME. */
function readSecretCertificate(file) {
  const beside = `${file}_secret`;
  const keys = readCertificate(fs.existsSync(beside) ? beside : file);
  if (keys['secret-key'] === undefined) {
    throw new TypeError(`certificate ${file}: it has no secret key, and there is no ${beside}`);
  }
  return keys;
}

/**
 * The options of ZeroMQ for a service that asks for keys.
 *
 * @param {string} [key] the file of the chaincode's own certificate, made by `ccbus keygen`
 * @param {string} [serverKey] the file of the service's public certificate, or the key itself
 * @returns {object} empty without keys
 * @throws {TypeError} if one of the two is missing or cannot be read
 */
function curveOptions(key, serverKey) {
  if (!key && !serverKey) return {};
  if (!serverKey) {
    throw new TypeError('a key is given, but not the service\'s: --server-key or CCBUS_SERVER_KEY');
  }
  if (!key) throw new TypeError('the service\'s key is given, but none of one\'s own: --key or CCBUS_KEY');
  const own = readSecretCertificate(key);
  return {
    curveServerKey: KEY.test(serverKey) ? serverKey : readCertificate(serverKey)['public-key'],
    curvePublicKey: own['public-key'],
    curveSecretKey: own['secret-key'],
  };
}

/**
 * Why a handshake has failed, for people.
 *
 * @param {string} type of the event of ZeroMQ
 * @param {{code: string} | undefined} error of the event
 * @param {boolean} hasKey
 * @returns {string | undefined} undefined if nothing is known
 */
function refusalOf(type, error, hasKey) {
  if (type === 'handshake:error:auth') {
    return 'the service does not accept this key: it is not among those that it allows, was revoked, ' +
      'or has expired';
  }
  if (type === 'handshake:error:protocol' && error?.code === 'ERR_ZMTP_MECHANISM_MISMATCH') {
    return hasKey
      ? 'the service asks for no key, and so cannot prove that it is the one that is meant'
      : 'the service asks for a key: give --key and --server-key, or CCBUS_KEY and CCBUS_SERVER_KEY';
  }
  if (type === 'handshake:error:other' && hasKey) {
    return 'the service ended the handshake: the server key that was given is not the one of this ' +
      'service at this address';
  }
  return undefined;
}

module.exports = { curveOptions, refusalOf };
