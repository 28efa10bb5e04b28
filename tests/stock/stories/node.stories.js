'use strict';

// What the shim for Node.js and this project's package do, and no other language can.
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`only: ${language.name}`, () => {
  async function started(t, contract) {
    const service = await language.start();
    t.after(() => service.stop());
    const chaincode = await service.startContract(contract);
    t.after(() => chaincode.stop());
    return { service, chaincode };
  }

  test('an Invoke that rejects is an answer with status 500, at once', async (t) => {
    const { service } = await started(t, 'interface-chaincode');
    const answer = await service.invoke(['reject', 'engine fault']);
    assert.equal(answer.chaincode_status, 500);
    assert.equal(answer.chaincode_message, 'engine fault');
    assert.equal(await service.run(['join', 'still', 'there']), 'still+there');
  });

  test('an Invoke that returns nothing is a failure that says so', async (t) => {
    const { service } = await started(t, 'interface-chaincode');
    const answer = await service.invoke(['nothing']);
    assert.equal(answer.chaincode_status, 500);
    assert.match(answer.chaincode_message, /has not called success or error/);
  });

  test('a rejected promise that nobody handles does not take the process down', async (t) => {
    const { service, chaincode } = await started(t, 'contract');
    const processId = await service.run(['processId']);
    await service.run(['leak']);
    await chaincode.waitForLine(/nobody handles this/);
    assert.equal(await service.run(['processId']), processId);
  });

  test('what is thrown outside of every transaction does not take the process down', async (t) => {
    const { service, chaincode } = await started(t, 'contract');
    const processId = await service.run(['processId']);
    await service.run(['throwLater']);
    await chaincode.waitForLine(/outside of every transaction/);
    assert.equal(await service.run(['processId']), processId);
  });

  test('after a restart of ccbusd the chaincode registers by itself, and the next invoke works',
    async (t) => {
      const { service, chaincode } = await started(t, 'contract');
      const processId = await service.run(['processId']);
      for (let restarts = 0; restarts < 2; ++restarts) {
        await service.restart();
        await chaincode.waitForLine(/is registered with/);
        assert.equal(await service.run(['processId']), processId);
        await service.run(['put', 'after', 'restart']);
        assert.equal(await service.run(['get', 'after']), 'restart');
      }
    });
});
