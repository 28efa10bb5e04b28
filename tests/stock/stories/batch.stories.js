'use strict';

// What the shims of Fabric 3 have beyond those of Fabric 2: many writes or reads in one message.
const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const DEFINITION = path.join(__dirname, '../ledger-contract');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`batches: ${language.name}`, () => {
  let service;
  let chaincode;

  before(async () => {
    service = await language.start();
    chaincode = await service.startContract('ledger-contract');
    await service.define(['--collections-config', path.join(DEFINITION, 'collections_config.json')]);
  });

  after(async () => {
    await chaincode?.stop();
    await service?.stop();
  });

  const putPrivate = (key, value) =>
    service.run(['putPrivate', 'ours', key], { transient: { value } });

  test('many values at once, in the order of their keys, with what is missing', async () => {
    await service.run(['put', 'one', '1']);
    await service.run(['put', 'two', '2']);
    assert.deepEqual(
      await service.runJson(['multiple', 'two,none,one,two']), ['2', null, '1', '2']);
    await putPrivate('one', 'private 1');
    assert.deepEqual(
      await service.runJson(['multiplePrivate', 'ours', 'none,one']), [null, 'private 1']);
  });

  test('a batch that is longer than one message is written whole', async () => {
    await service.run(['fillBatch', 'batch', '2500']);
    const keys = (await service.runJson(['range', 'batch', 'batch~'])).map(([key]) => key);
    assert.equal(keys.length, 2500);
    assert.deepEqual([keys[0], keys[2499]], ['batch00000', 'batch02499']);
  });

  test('a batch has every kind of write, and the last one of a key counts', async () => {
    await service.run(['put', 'old', 'public']);
    await putPrivate('old', 'private');
    await service.run(['mixedBatch', 'ours', 'old', 'new']);
    assert.equal(await service.run(['get', 'old']), '');
    assert.equal(await service.run(['getPrivate', 'ours', 'old']), '');
    assert.equal(await service.run(['get', 'new']), 'in a batch');
    assert.equal(await service.run(['getPrivate', 'ours', 'new']), 'private in a batch');
    assert.deepEqual(await service.runJson(['policyOrgs', 'new']), ['DevMSP']);
    assert.equal(await service.run(['get', 'new after']), 'after the batch');
  });

  test('a batch is refused for one of its writes, and nothing of it is stored', async () => {
    const answer = await service.invoke(['batchToCollection', 'nowhere']);
    assert.equal(answer.ok, false);
    assert.match(answer.chaincode_message, /collection mychannel\/basic\/nowhere could not be found/);
    assert.equal(await service.run(['get', 'beside nowhere']), '');
  });

  test('all composite keys, in pages', async () => {
    await service.run(['fillComposite', 'car', 'blue', '3']);
    await service.run(['fillComposite', 'boat', 'red', '2']);
    const first = await service.runJson(['allCompositePage', '4', '']);
    assert.deepEqual(first.keys, [
      ['boat', 'red', '000'], ['boat', 'red', '001'], ['car', 'blue', '000'], ['car', 'blue', '001'],
    ]);
    const second = await service.runJson(['allCompositePage', '4', first.metadata.bookmark]);
    assert.deepEqual(second.keys, [['car', 'blue', '002']]);
    assert.deepEqual(second.metadata, { bookmark: '', fetchedRecordsCount: 1 });
  });

  test('a service decorates nothing', async () => {
    assert.deepEqual(await service.runJson(['decorations']), []);
  });
});
