'use strict';

// Large messages, and a bridge that is stopped or has no service. stories/clients.stories.js has what becomes of
// chaincode when one of the three goes away.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { BridgedService } = require('./support/bridge');

async function serviceOf(t, settings, bridgeSettings) {
  const service = await BridgedService.start(settings, bridgeSettings);
  t.after(() => service.stop());
  return service;
}

async function chaincodeOf(t, service, name, env) {
  const chaincode = await service.startGo('contract', name, env);
  t.after(() => chaincode.stop());
  return chaincode;
}

test('messages of 60 MiB from the chaincode, and of 45 MiB to it', async (t) => {
  const service = await serviceOf(t);
  await chaincodeOf(t, service);
  await service.query(['putLarge', 'too large to be ordered', `${60 << 20}`]);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) await service.run(['putLarge', key, `${9 << 20}`]);
  assert.deepEqual(await service.runJson(['sizesOf', keys.join()]), keys.map(() => 9 << 20));
});

test('the bridge is stopped: it ends within its grace, with status 0', async (t) => {
  const service = await serviceOf(t, {}, { 'shutdown.grace': '1s' });
  const chaincode = await chaincodeOf(t, service);
  service.bridge.kill('SIGTERM');
  assert.deepEqual(await service.bridge.exited(), { code: 0, signal: null });
  assert.equal((await chaincode.exited()).code, 1);
});

test('without ccbusd chaincode is refused, and the bridge goes on', async (t) => {
  const service = await serviceOf(t, {}, { 'peer.connTimeout': '1s' });
  await service.kill();
  const chaincode = service.spawnGo('contract', 'basic');
  assert.equal((await chaincode.exited()).code, 1);
  assert.match(chaincode.output, /Unavailable/);
  assert.ok(service.bridge.running);
});
