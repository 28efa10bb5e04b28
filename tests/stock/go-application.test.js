'use strict';

// The application on the client library for Go, which the bridge serves as a peer would.
const { test } = require('node:test');

const { performsAll } = require('./support/application');
const { goProgram } = require('./support/bridge');
const { Network } = require('./support/network');

for (const [name, options] of [['in the clear', {}], ['with TLS', { tls: 'tls' }]]) {
  test(`an application in Go does everything that its library offers, ${name}`, async (t) => {
    const network = await Network.start(options);
    t.after(() => network.stop());
    await performsAll('Go', goProgram('application'), [], network.variables());
  });
}
