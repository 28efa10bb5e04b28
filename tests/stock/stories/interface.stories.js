'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`interface: ${language.name}`, () => {
  let service;
  let chaincode;

  before(async () => {
    service = await language.start();
    chaincode = await service.startContract('interface-chaincode');
  });

  after(async () => {
    await chaincode?.stop();
    await service?.stop();
  });

  test('a chaincode below the contract API answers', async () => {
    assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
  });

  test('its error response arrives with its message', async () => {
    const answer = await service.invoke(['refuse', 'not today']);
    assert.equal(answer.chaincode_status, 500);
    assert.equal(answer.chaincode_message, 'not today');
  });

  test('its own status arrives, with message and payload', async () => {
    const { status } = language.expects;
    const answer = await service.invoke(['status', status, 'no such car', 'details']);
    assert.equal(answer.ok, false);
    assert.equal(`${answer.chaincode_status}`, status);
    assert.equal(answer.chaincode_message, 'no such car');
  });

  test('a chaincode whose definition requires it is initialized first', async (t) => {
    const name = 'strict';
    const strict = await service.startContract('interface-chaincode', name);
    t.after(() => strict.stop());
    await service.define(['--init-required'], name);
    const early = await service.invoke(['join', 'a', 'b'], { name });
    assert.match(early.details[0].message, /has not been initialized for this version/);
    assert.equal(await service.run(['init'], { name, isInit: true }), 'initialized');
    assert.equal(await service.run(['join', 'a', 'b'], { name }), 'a+b');
  });
});
