'use strict';

// The application on the client library for Node.js, which the bridge serves as a peer would.
const path = require('node:path');
const { test } = require('node:test');

const { performsAll } = require('./support/application');
const { Network } = require('./support/network');

const APPLICATION = path.join(__dirname, 'node-application/index.js');

for (const [name, options] of [['in the clear', {}], ['with TLS', { tls: 'tls' }]]) {
  test(`an application in Node.js does everything that its library offers, ${name}`, async (t) => {
    const network = await Network.start(options);
    t.after(() => network.stop());
    await performsAll('Node.js', process.execPath, [APPLICATION], network.variables());
  });
}
