'use strict';

/**
 * Returns the ZeroMQ endpoint of an address: `host:port`, or anything with a scheme.
 *
 * @param {string} address
 * @returns {string} such as `tcp://127.0.0.1:7052`
 * @throws {TypeError} if the address is invalid
 */
function parseEndpoint(address) {
  const endpoint = address.includes('://') ? address : `tcp://${address}`;
  if (endpoint.startsWith('tcp://') && !/^tcp:\/\/.+:\d+$/.test(endpoint)) {
    throw new TypeError(`'${address}' is not an address: host:port is expected`);
  }
  return endpoint;
}

module.exports = { parseEndpoint };
