'use strict';

// What becomes of chaincode on the bridge when one of the three, or what is between them, goes away.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { BridgedService } = require('./support/bridge');
const { Wire } = require('./support/wire');

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

const TERMINATED = /chaincode stream terminated/;

test('32 chaincodes at once', async (t) => {
  const service = await serviceOf(t);
  const names = Array.from({ length: 32 }, (_, i) => `basic${i}`);
  const chaincodes = await Promise.all(names.map((name) => service.startGo('contract', name)));
  t.after(() => Promise.all(chaincodes.map((chaincode) => chaincode.stop())));
  await Promise.all(names.map((name) => service.run(['put', 'name', name], { name })));
  assert.deepEqual(
    await Promise.all(names.map((name) => service.run(['get', 'name'], { name }))), names);
  assert.deepEqual(
    await Promise.all(names.map((name) => service.run(['processId'], { name }))),
    chaincodes.map(({ pid }) => `${pid}`));
});

test('names with a version, and package ids', async (t) => {
  const service = await serviceOf(t);
  const registrations = {
    versioned: 'versioned:1.0',
    labelled: `labelled:${'0a'.repeat(32)}`,
    released: `released_1.2:${'0b'.repeat(32)}`,
  };
  for (const [name, id] of Object.entries(registrations)) {
    await chaincodeOf(t, service, name, { CORE_CHAINCODE_ID_NAME: id });
    assert.equal(await service.run(['join', 'a', 'b'], { name }), 'a+b');
  }
});

test('a registration that the service refuses ends the chaincode', async (t) => {
  const service = await serviceOf(t, { 'chaincode.duplicates': 'reject' });
  const first = await chaincodeOf(t, service);
  const second = service.spawnGo('contract', 'basic');
  assert.equal((await second.exited()).code, 1);
  assert.match(second.output, /cannot handle message \(ERROR\)/);
  assert.equal(await service.run(['processId']), `${first.pid}`);
});

test('messages of 60 MiB from the chaincode, and of 45 MiB to it', async (t) => {
  const service = await serviceOf(t);
  await chaincodeOf(t, service);
  await service.query(['putLarge', 'too large to be ordered', `${60 << 20}`]);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) await service.run(['putLarge', key, `${9 << 20}`]);
  assert.deepEqual(await service.runJson(['sizesOf', keys.join()]), keys.map(() => 9 << 20));
});

test('a chaincode that is cut off: its transaction fails at once, and it ends', async (t) => {
  const service = await serviceOf(t);
  const wire = await Wire.to(service.bridgeChaincode);
  t.after(() => wire.close());
  const chaincode = await service.startGo('contract', 'basic', {}, wire.address);
  t.after(() => chaincode.stop());
  const answer = service.invoke(['hold']);
  await chaincode.waitForLine(/holding/);
  wire.cut();
  assert.match((await answer).details[0].message, TERMINATED);
  assert.equal((await chaincode.exited()).code, 1);

  await chaincodeOf(t, service);
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
});

test('the bridge is killed: transactions fail at once, chaincode ends, and both come back', async (t) => {
  const service = await serviceOf(t);
  const chaincode = await chaincodeOf(t, service);
  await service.run(['put', 'kept', 'here']);
  const answer = service.invoke(['hold']);
  await chaincode.waitForLine(/holding/);
  await service.restartBridge();
  assert.match((await answer).details[0].message, TERMINATED);
  assert.equal((await chaincode.exited()).code, 1);

  await chaincodeOf(t, service);
  assert.equal(await service.run(['get', 'kept']), 'here');
});

test('the bridge is stopped: it ends within its grace, with status 0', async (t) => {
  const service = await serviceOf(t, {}, { 'shutdown.grace': '1s' });
  const chaincode = await chaincodeOf(t, service);
  service.bridge.kill('SIGTERM');
  assert.deepEqual(await service.bridge.exited(), { code: 0, signal: null });
  assert.equal((await chaincode.exited()).code, 1);
});

test('ccbusd is killed under the bridge: chaincode ends, and registers when it is started again',
  async (t) => {
    const service = await serviceOf(t);
    for (let restarts = 0; restarts < 2; ++restarts) {
      const chaincode = await chaincodeOf(t, service);
      await service.run(['put', 'before', 'the restart']);
      await service.restart();
      assert.equal((await chaincode.exited()).code, 1);
    }
    await chaincodeOf(t, service);
    assert.equal(await service.run(['get', 'before']), '', 'the new ccbusd has a ledger of its own');
  });

test('without ccbusd chaincode is refused, and the bridge goes on', async (t) => {
  const service = await serviceOf(t, {}, { 'peer.connTimeout': '1s' });
  await service.kill();
  const chaincode = service.spawnGo('contract', 'basic');
  assert.equal((await chaincode.exited()).code, 1);
  assert.match(chaincode.output, /Unavailable/);
  assert.ok(service.bridge.running);
});
