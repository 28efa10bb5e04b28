'use strict';

// What the shim for Java does otherwise than the others, and its contract API.
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`only: ${language.name}`, () => {
  let service;
  let chaincodes;

  before(async () => {
    service = await language.start();
    chaincodes = [await service.startContract('contract'), await service.startContract('assets', 'assets')];
  });

  after(async () => {
    for (const chaincode of chaincodes ?? []) await chaincode.stop();
    await service?.stop();
  });

  const name = 'assets';
  const run = (...args) => service.run(args, { name });
  const runJson = (...args) => service.runJson(args, { name });
  const refusal = async (args, options) => {
    const answer = await service.invoke(args, { name, ...options });
    assert.equal(answer.ok, false);
    assert.equal(answer.chaincode_status, 500);
    return answer.chaincode_message;
  };
  /** Runs a transaction that ends without a response, and returns why. */
  const failure = async (...args) => {
    const answer = await service.invoke(args);
    assert.equal(answer.ok, false);
    assert.equal(answer.chaincode_status, null);
    return answer.details[0].message;
  };

  test('what invoke throws is a failure with its stack trace', async () => {
    assert.match(
      await failure('throw', 'engine fault'),
      /failure: java\.lang\.IllegalStateException: engine fault\n\tat ccbus\.example\.stock\.contract\./);
  });

  test('an invoke that returns nothing, or a status without a name, is a fault of the shim', async () => {
    const fault = /failure: java\.lang\.NullPointerException: .*\n\tat org\.hyperledger\.fabric\.shim\./;
    assert.match(await failure('nothing'), fault);
    assert.match(await failure('status', '404', 'no such car', ''), fault);
  });

  const LAMP = { appraisedValue: 12.5, color: 'red', id: 'lamp', owner: 'ann', size: 3 };

  test('typed arguments and results', async () => {
    assert.deepEqual(await runJson('CreateAsset', 'lamp', 'red', '3', 'ann', '12.5'), LAMP);
    const desk = { ...LAMP, id: 'desk', color: 'grün', size: 4 };
    assert.equal(await run('AddAsset', JSON.stringify(desk)), '');
    assert.deepEqual(await runJson('ReadAsset', 'desk'), desk);
    assert.equal(await run('AssetExists', 'desk'), 'true');
    assert.equal(await run('AssetExists', 'door'), 'false');
    assert.equal(await run('TotalSize', '["lamp","desk"]'), '7');
    assert.deepEqual(await runJson('GetAllAssets'), [desk, LAMP]);
    assert.equal(await run('TransferAsset', 'lamp', 'bob'), 'ann');
    assert.equal((await runJson('ReadAsset', 'lamp')).owner, 'bob');
    await run('DeleteAsset', 'desk');
    assert.equal(await refusal(['ReadAsset', 'desk']), 'the asset desk does not exist');
  });

  test('arguments of other types and numbers are refused, and exceptions of other kinds', async () => {
    assert.equal(await refusal(['CreateAsset', 'door', 'red', 'big', 'ann', '1']), 'Unexpected error');
    assert.equal(await refusal(['CreateAsset', 'door']), 'Unexpected error');
    assert.equal(
      await refusal(['AddAsset', JSON.stringify({ ...LAMP, id: 'door', size: 0 })]),
      'Validation Errors::#/prop/size: 0 is not greater or equal to 1');
    assert.equal(
      await refusal(['AddAsset', '{"id":"door","size":3}']), 'Unable to convert JSON to object');
    assert.equal(await refusal(['Break']), 'Error during contract method execution');
    assert.equal(await run('AssetExists', 'door'), 'false');
  });

  test('an event, and the client', async () => {
    const { event } = await service.invoke(['CreateAsset', 'sofa', 'red', '3', 'ann', '1'], { name });
    assert.equal(event.name, 'stored');
    assert.equal(JSON.parse(Buffer.from(event.payload_base64, 'base64')).id, 'sofa');
    assert.equal(await run('WhoAmI'), 'DevMSP');
  });

  test('what a contract does not have or has not marked is no function', async () => {
    assert.equal(await refusal(['Paint']), 'Undefined contract method called');
    assert.equal(await refusal(['store', '{}']), 'Undefined contract method called');
    assert.equal(await refusal(['paint:Paint']), 'Undefined contract called');
  });

  test('a second contract: its context, and what runs before, after and instead', async () => {
    const answer = await service.invoke(['audit:Notes', 'mine'], { name });
    assert.deepEqual(JSON.parse(answer.payload), ['before', 'mine']);
    assert.equal(Buffer.from(answer.event.payload_base64, 'base64').toString(), 'before mine');
    assert.equal(await refusal(['audit:Other', 'x']), 'no audit:Other');
    assert.equal(
      await refusal(['audit:Notes', 'mine'], { transient: { any: 'thing' } }),
      'refused before the transaction');
  });

  test('the metadata of the contracts', async () => {
    const metadata = await runJson('org.hyperledger.fabric:GetMetadata');
    const { title, version } = metadata.contracts.Assets.info;
    assert.deepEqual({ title, version }, { title: 'assets of the tests', version: '1.2.3' });
    assert.deepEqual(Object.keys(metadata.contracts).sort(), ['Assets', 'audit', 'org.hyperledger.fabric']);
    const tagsOf = (wanted) =>
      metadata.contracts.Assets.transactions.find((each) => each.name === wanted).tags;
    assert.ok(tagsOf('ReadAsset').includes('EVALUATE'));
    assert.ok(tagsOf('TransferAsset').includes('SUBMIT'));
    assert.deepEqual(Object.keys(metadata.components.schemas), ['Asset']);
  });
});
