'use strict';

/**
 * Returns the ZeroMQ endpoint of an address: `host:port`, `grpc://host:port` as a Fabric peer's
 * address may be written, or anything with a scheme of ZeroMQ.
 *
 * @param {string} address
 * @returns {string} such as `tcp://127.0.0.1:7052`
 * @throws {TypeError} if the address is invalid
 */
function parseEndpoint(address) {
  if (/^(grpcs|https?):/.test(address)) {
    throw new TypeError(
      `'${address}' is not an address of ccbus, which speaks ZeroMQ without TLS: ` +
        'tcp://host:port is expected');
  }
  const location = address.replace(/^grpc:\/\//, '');
  const endpoint = location.includes('://') ? location : `tcp://${location}`;
  if (endpoint.startsWith('tcp://') && !/^tcp:\/\/.+:\d+$/.test(endpoint)) {
    throw new TypeError(`'${address}' is not an address: host:port is expected`);
  }
  return endpoint;
}

module.exports = { parseEndpoint };
