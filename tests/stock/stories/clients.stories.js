'use strict';

// What becomes of chaincode that has connected to the bridge when one of the three, or what is between them,
// goes away.
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { Wire } = require('../support/wire');

const TERMINATED = /chaincode stream terminated/;

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`connections: ${language.name}`, () => {
  async function serviceOf(t, settings) {
    const service = await language.start(settings);
    t.after(() => service.stop());
    return service;
  }

  async function chaincodeOf(t, service, name, options) {
    const chaincode = await service.startContract('contract', name, options);
    t.after(() => chaincode.stop());
    return chaincode;
  }

  /** A chaincode that waits for requests, and one with a transaction that never ends. */
  async function idleAndBusy(t, service, address) {
    const idle = await chaincodeOf(t, service, 'idle', { address });
    const busy = await chaincodeOf(t, service, 'busy', { address });
    const answer = service.invoke(['hold'], { name: 'busy' });
    await busy.waitForLine(/holding/);
    return { idle, answer };
  }

  const ended = async (chaincode) => assert.equal((await chaincode.exited()).code, language.expects.lost);

  test('32 chaincodes at once', async (t) => {
    const service = await serviceOf(t);
    const names = Array.from({ length: 32 }, (_, i) => `basic${i}`);
    const chaincodes = await service.startContracts('contract', names);
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
      await chaincodeOf(t, service, name, { env: { CORE_CHAINCODE_ID_NAME: id } });
      assert.equal(await service.run(['join', 'a', 'b'], { name }), 'a+b');
    }
  });

  test('a registration that the service refuses ends the chaincode', async (t) => {
    const service = await serviceOf(t, { 'chaincode.duplicates': 'reject' });
    const first = await chaincodeOf(t, service, 'basic');
    const second = service.spawnContract('contract', 'basic');
    t.after(() => second.stop());
    await ended(second);
    assert.match(second.output, /ERROR/);
    assert.equal(await service.run(['processId']), `${first.pid}`);
  });

  test('chaincode that is cut off: its transactions fail at once, and it ends', async (t) => {
    const service = await serviceOf(t);
    const wire = await Wire.to(service.bridgeChaincode);
    t.after(() => wire.close());
    const { idle, answer } = await idleAndBusy(t, service, wire.address);
    wire.cut();
    assert.match((await answer).details[0].message, TERMINATED);
    await ended(idle);

    await chaincodeOf(t, service, 'idle');
    assert.equal(await service.run(['join', 'a', 'b'], { name: 'idle' }), 'a+b');
  });

  test('the bridge is killed: transactions fail at once, chaincode ends, and both come back', async (t) => {
    const service = await serviceOf(t);
    const { idle, answer } = await idleAndBusy(t, service);
    await service.run(['put', 'kept', 'here'], { name: 'idle' });
    await service.restartBridge();
    assert.match((await answer).details[0].message, TERMINATED);
    await ended(idle);

    await chaincodeOf(t, service, 'idle');
    assert.equal(await service.run(['get', 'kept'], { name: 'idle' }), 'here');
  });

  test('ccbusd is killed under the bridge: chaincode ends, and registers when it is started again',
    async (t) => {
      const service = await serviceOf(t);
      for (let restarts = 0; restarts < 2; ++restarts) {
        const chaincode = await chaincodeOf(t, service, 'basic');
        await service.run(['put', 'before', 'the restart']);
        await service.restart();
        await ended(chaincode);
      }
      await chaincodeOf(t, service, 'basic');
      assert.equal(await service.run(['get', 'before']), '', 'the new ccbusd has a ledger of its own');
    });
});
