'use strict';

// The application on the client library for Go, which the bridge serves as a peer would.
const { test } = require('node:test');

const { performsAll } = require('./support/application');
const { goProgram } = require('./support/bridge');
const { Network } = require('./support/network');

test('an application in Go does everything that its library offers', async (t) => {
  const network = await Network.start();
  t.after(() => network.stop());
  await performsAll('Go', goProgram('application'), [], network.variables());
});

test('an application in Go does so with TLS', async (t) => {
  const network = await Network.start((tlsFolder) => ({
    'tls.enabled': 'true',
    'tls.cert.file': `${tlsFolder}/server.crt`,
    'tls.key.file': `${tlsFolder}/server.key`,
  }));
  t.after(() => network.stop());
  await performsAll('Go with TLS', goProgram('application'), [], {
    ...network.variables(), TLS_CERT_PATH: network.tlsCertificate,
  });
});
