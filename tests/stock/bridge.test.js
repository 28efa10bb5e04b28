'use strict';

// Large messages, and a bridge that is stopped or has no service. stories/clients.stories.js has what becomes of
// chaincode when one of the three goes away.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { freeAddress } = require('./support/address');
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

test('ccbus status shows what came through the bridge, and from where', async (t) => {
  const service = await serviceOf(t);
  await chaincodeOf(t, service);
  const told = ['--bridge', service.bridgeOperations];
  const { bridge } = JSON.parse((await service.ccbus('status', '--json', ...told)).stdout);
  assert.deepEqual(bridge.calls.map(({ what }) => what), ['chaincode basic']);
  assert.match(bridge.calls[0].from, /^ipv4:127\.0\.0\.1:\d+$/);
  const { stdout } = await service.ccbus('status', ...told);
  assert.match(stdout, new RegExp(`Through ccbus-bridge, ${service.bridgeOperations}:\n  ${bridge.calls[0].from}  chaincode basic\n`));
});

test('ccbus status says so when the bridge does not answer, and shows the service', async (t) => {
  const service = await serviceOf(t);
  const told = ['--bridge', `http://${await freeAddress()}`];
  const { ok, bridge } = JSON.parse((await service.ccbus('status', '--json', ...told)).stdout);
  assert.equal(ok, true);
  assert.match(bridge.error, /http:\/\/127/);
  assert.match((await service.ccbus('status', ...told)).stdout, /mychannel[^]*Through ccbus-bridge[^]*http:/);
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
