'use strict';

// What the shim for Go does otherwise than the others, and its contract API.
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

  test('an Invoke that returns nothing is a response with status 0, which is a failure', async () => {
    const answer = await service.invoke(['nothing']);
    assert.equal(answer.ok, false);
    assert.equal(answer.chaincode_status, 0);
    assert.match(answer.details[0].message, /^chaincode response 0, $/);
  });

  test('the organisational unit of the creator', async () => {
    assert.equal(await service.run(['unit', 'client']), 'true');
    assert.equal(await service.run(['unit', 'peer']), 'false');
  });

  const LAMP = { AppraisedValue: 12.5, Color: 'red', ID: 'lamp', Owner: 'ann', Size: 3 };

  test('typed arguments and results', async () => {
    assert.deepEqual(await runJson('CreateAsset', 'lamp', 'red', '3', 'ann', '12.5'), LAMP);
    const desk = { ...LAMP, ID: 'desk', Size: 4, Labels: { room: 'küche' } };
    assert.equal(await run('AddAsset', JSON.stringify(desk)), '');
    assert.deepEqual(await runJson('ReadAsset', 'desk'), desk);
    assert.equal(await run('AssetExists', 'desk'), 'true');
    assert.equal(await run('AssetExists', 'door'), 'false');
    assert.equal(await run('TotalSize', '["lamp","desk"]'), '7');
    assert.deepEqual(await runJson('GetAllAssets'), [desk, LAMP]);
    assert.equal(await run('TransferAsset', 'lamp', 'bob'), 'ann');
    assert.equal((await runJson('ReadAsset', 'lamp')).Owner, 'bob');
    await run('DeleteAsset', 'desk');
    assert.equal(await refusal(['ReadAsset', 'desk']), 'the asset desk does not exist');
  });

  test('arguments of other types and numbers are refused', async () => {
    assert.match(
      await refusal(['CreateAsset', 'door', 'red', 'big', 'ann', '1']),
      /error managing parameter param2. conversion error. cannot convert passed value big to int/);
    assert.match(
      await refusal(['CreateAsset', 'door']), /incorrect number of params. Expected 5, received 1/);
    assert.match(
      await refusal(['AddAsset', '{"ID":"door","Size":3}']), /value did not match schema:[^]*required/);
    assert.equal(await run('AssetExists', 'door'), 'false');
  });

  test('an event, and the client', async () => {
    const { event } = await service.invoke(['CreateAsset', 'sofa', 'red', '3', 'ann', '1'], { name });
    assert.equal(event.name, 'stored');
    assert.equal(JSON.parse(Buffer.from(event.payload_base64, 'base64')).ID, 'sofa');
    assert.equal(await run('WhoAmI'), 'DevMSP');
  });

  test('what a contract does not have or has ignored is no function', async () => {
    assert.equal(await refusal(['Paint']), 'Function Paint not found in contract Assets');
    assert.equal(await refusal(['Stored', '{}']), 'Function Stored not found in contract Assets');
    assert.equal(await refusal(['paint:Paint']), 'Contract not found with name paint');
  });

  test('a second contract: its context, and what runs before, after and instead', async () => {
    const answer = await service.invoke(['audit:Notes', 'mine'], { name });
    assert.deepEqual(JSON.parse(answer.payload), ['before', 'mine']);
    assert.equal(Buffer.from(answer.event.payload_base64, 'base64').toString(), '[before mine]');
    assert.equal(await run('audit:Other', 'x'), 'no audit:Other of 1 arguments');
    assert.equal(
      await refusal(['audit:Notes', 'mine'], { transient: { any: 'thing' } }),
      'refused before the transaction');
  });

  test('the metadata of the contracts', async () => {
    const metadata = await runJson('org.hyperledger.fabric:GetMetadata');
    assert.deepEqual(metadata.contracts.Assets.info, { title: 'assets of the tests', version: '1.2.3' });
    assert.deepEqual(Object.keys(metadata.contracts).sort(), ['Assets', 'audit', 'org.hyperledger.fabric']);
    const tagsOf = (wanted) =>
      metadata.contracts.Assets.transactions.find((each) => each.name === wanted).tag;
    assert.ok(tagsOf('ReadAsset').includes('evaluate'));
    assert.ok(tagsOf('TransferAsset').includes('submit'));
    assert.deepEqual(Object.keys(metadata.components.schemas), ['Asset']);
  });
});
