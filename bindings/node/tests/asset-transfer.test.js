'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Service } = require('./support/service');

let service;
let chaincode;

before(async () => {
  service = await Service.start();
  chaincode = await service.startChaincode(path.join(__dirname, '../samples/asset-transfer'));
});

after(async () => {
  await chaincode?.stop();
  await service?.stop();
});

const ASSET1 = '{"AppraisedValue":300,"Color":"blue","ID":"asset1","Owner":"Tomoko","Size":5}';

async function refusal(...args) {
  const answer = await service.invoke(args);
  assert.equal(answer.ok, false);
  assert.equal(answer.chaincode_status, 500);
  return answer.chaincode_message;
}

test('an asset lives: created, read, updated, handed over, deleted', async () => {
  const created = '{"AppraisedValue":300,"Color":"blue","ID":"a1","Owner":"tom","Size":5}';
  assert.equal(await service.run(['CreateAsset', 'a1', 'blue', '5', 'tom', '300']), created);
  assert.equal(await service.run(['ReadAsset', 'a1']), created);
  assert.equal(await service.run(['AssetExists', 'a1']), 'true');

  await service.run(['UpdateAsset', 'a1', 'red', '6', 'tom', '400']);
  assert.equal(await service.run(['TransferAsset', 'a1', 'ann']), 'tom');
  assert.equal(
    await service.run(['ReadAsset', 'a1']),
    '{"AppraisedValue":400,"Color":"red","ID":"a1","Owner":"ann","Size":6}');

  assert.equal(await service.run(['DeleteAsset', 'a1']), '');
  assert.equal(await service.run(['AssetExists', 'a1']), 'false');
});

test('the ledger starts with six assets', async () => {
  await service.run(['InitLedger']);
  const assets = await service.run(['GetAllAssets']);
  assert.ok(assets.startsWith(`[${ASSET1},`), assets);
  assert.deepEqual(
    JSON.parse(assets).map(({ ID }) => ID),
    ['asset1', 'asset2', 'asset3', 'asset4', 'asset5', 'asset6']);
});

test('what cannot be is refused with the reason', async () => {
  assert.equal(await refusal('ReadAsset', 'none'), 'there is no asset none');
  assert.equal(await refusal('DeleteAsset', 'none'), 'there is no asset none');
  assert.equal(
    await refusal('UpdateAsset', 'none', 'red', '1', 'tom', '1'), 'there is no asset none');
  assert.equal(
    await refusal('CreateAsset', 'b1', 'red', 'big', 'tom', '1'),
    "Size must be a whole number, not 'big'");
  await service.run(['CreateAsset', 'b1', 'red', '1', 'tom', '1']);
  assert.equal(
    await refusal('CreateAsset', 'b1', 'red', '1', 'tom', '1'), 'there is an asset b1 already');
});
