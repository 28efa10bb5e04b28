'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { parseEndpoint } = require('../lib/address');

test('host:port means tcp, and an endpoint stays as it is', () => {
  assert.equal(parseEndpoint('peer0:7052'), 'tcp://peer0:7052');
  assert.equal(parseEndpoint('tcp://127.0.0.1:7052'), 'tcp://127.0.0.1:7052');
  assert.equal(parseEndpoint('tcp://[::1]:7052'), 'tcp://[::1]:7052');
  assert.equal(parseEndpoint('ipc:///run/ccbus/chaincode'), 'ipc:///run/ccbus/chaincode');
});

test('an address without a port is refused, and named', () => {
  for (const address of ['', 'peer0', 'peer0:', ':7052', 'peer0:http', 'tcp://peer0']) {
    const refusal = { name: 'TypeError', message: new RegExp(`^'${address}' is not an address`) };
    assert.throws(() => parseEndpoint(address), refusal);
  }
});
