'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`liveness: ${language.name}`, () => {
  async function serviceOf(t, settings) {
    const service = await language.start(settings);
    t.after(() => service.stop());
    return service;
  }

  async function chaincodeOf(t, service) {
    const chaincode = await service.startContract('contract');
    t.after(() => chaincode.stop());
    return chaincode;
  }

  // [row-117]
  test('kill -9 in a transaction fails it within a second, and a new process works', async (t) => {
    const service = await serviceOf(t);
    const killed = await chaincodeOf(t, service);
    const held = service.invoke(['hold']);
    await killed.waitForLine(/holding/);

    const killedAt = process.hrtime.bigint();
    killed.kill('SIGKILL');
    const answer = await held;
    const answeredMs = Number(process.hrtime.bigint() - killedAt) / 1e6;
    assert.equal(answer.ok, false);
    assert.match(answer.details[0].message, /chaincode stream terminated/);
    assert.ok(answeredMs < 1000, `${answeredMs} ms`);

    await chaincodeOf(t, service);
    await service.run(['put', 'after', 'kill']);
    assert.equal(await service.run(['get', 'after']), 'kill');
  });

  test('kill -9 of one process of two fails only its own transaction', async (t) => {
    const service = await serviceOf(t);
    const one = await chaincodeOf(t, service);
    const two = await chaincodeOf(t, service);
    const held = service.invoke(['hold']);
    const busy = await Promise.race([one, two].map((each) => each.waitForLine(/holding/).then(() => each)));
    const idle = busy === one ? two : one;
    assert.equal(await service.run(['processId']), `${idle.pid}`, 'the one with fewer transactions');

    busy.kill('SIGKILL');
    assert.match((await held).details[0].message, /chaincode stream terminated/);
    assert.equal(await service.run(['processId']), `${idle.pid}`);
  });

  // [row-7]
  test('KEEPALIVE many times a second does not disturb the stock handler', async (t) => {
    const service = await serviceOf(t, { 'chaincode.keepalive': '2ms' });
    const chaincode = await chaincodeOf(t, service);
    for (let i = 0; i < 10; ++i) await service.run(['put', `key${i}`, `${i}`]);
    assert.equal((await service.runJson(['range', 'key', 'key~'])).length, 10);
    assert.equal(await service.run(['processId']), `${chaincode.pid}`);
  });

  // [row-116]
  test('a transaction that outlives its deadline fails alone', async (t) => {
    const service = await serviceOf(t, { 'chaincode.executetimeout': '1s' });
    const chaincode = await chaincodeOf(t, service);
    const held = service.invoke(['hold']);
    await chaincode.waitForLine(/holding/);
    await service.run(['put', 'meanwhile', 'works']);
    assert.match((await held).message, /timeout expired while executing transaction/);
    assert.equal(await service.run(['processId']), `${chaincode.pid}`);
  });
});
