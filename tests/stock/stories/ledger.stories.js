'use strict';

const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`ledger: ${language.name}`, () => {
  const DEFINITION = path.join(__dirname, '../ledger-contract');

  let service;
  let chaincodes;

  before(async () => {
    service = await language.start({ 'ledger.channels': 'mychannel,other' });
    chaincodes = [
      await service.startContract('ledger-contract'),
      await service.startContract('ledger-contract', 'second'),
    ];
    await service.define([
      '--collections-config', path.join(DEFINITION, 'collections_config.json'),
      '--indexes', path.join(DEFINITION, 'META-INF/statedb/couchdb'),
    ]);
  });

  after(async () => {
    for (const chaincode of chaincodes ?? []) await chaincode.stop();
    await service?.stop();
  });

  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const putPrivate = (collection, key, value) =>
    service.run(['putPrivate', collection, key], { transient: { value } });
  /** Runs a transaction that the peer has to refuse with this text. */
  const refused = async (args, text, options) => {
    const answer = await service.invoke(args, options);
    assert.equal(answer.ok, false);
    assert.match(answer.message + answer.chaincode_message, language.expects.refusal(text));
  };

  // [row-70][row-78]
  test('private data are put, read, hashed and deleted', async () => {
    await putPrivate('ours', 'secret', 'forty-two');
    assert.equal(await service.run(['getPrivate', 'ours', 'secret']), 'forty-two');
    assert.equal(await service.run(['privateHash', 'ours', 'secret']), sha256('forty-two'));
    await service.run(['deletePrivate', 'ours', 'secret']);
    assert.equal(await service.run(['getPrivate', 'ours', 'secret']), '');
    assert.equal(await service.run(['privateHash', 'ours', 'secret']), '');
  });

  test('private data are purged', async () => {
    await putPrivate('ours', 'purged', 'for a while');
    await service.run(['purgePrivate', 'ours', 'purged']);
    assert.equal(await service.run(['getPrivate', 'ours', 'purged']), '');
  });

  // [row-148]
  test('private data expire with their blocks', async () => {
    await putPrivate('shortlived', 'brief', 'here');
    for (const block of ['1', '2']) {
      await service.run(['put', 'clock', block]);
      assert.equal(await service.query(['getPrivate', 'shortlived', 'brief']), 'here');
    }
    await service.run(['put', 'clock', '3']);
    assert.equal(await service.query(['getPrivate', 'shortlived', 'brief']), '');
  });

  // [row-135]
  test('a range and a query of private data, in transactions that only read', async () => {
    for (const [key, color] of [['p1', 'red'], ['p2', 'blue'], ['p3', 'red']]) {
      await putPrivate('ours', key, JSON.stringify({ color }));
    }
    const found = await service.runJson(['privateRange', 'ours', 'p1', 'p3']);
    assert.deepEqual(found.map(([key]) => key), ['p1', 'p2']);
    assert.deepEqual(
      await service.runJson(['privateQuery', 'ours', '{"selector":{"color":"red"}}']), ['p1', 'p3']);
    await refused(
      ['privateRangeAndWrite', 'ours'],
      /unsuppored transaction. Transaction has already performed queries on pvt data/);
  });

  test('a partial composite key of private data, of more than one batch', async () => {
    const attributes = Array.from({ length: 130 }, (_, i) => String(i).padStart(3, '0'));
    await service.run(['fillPrivateComposite', 'ours', 'car', JSON.stringify(attributes)]);
    await service.run(['fillPrivateComposite', 'ours', 'cart', '["000"]']);
    const partial = (...given) =>
      service.runJson(['privatePartialComposite', 'ours', 'car', JSON.stringify(given)]);
    assert.deepEqual(await partial(), attributes.map((attribute) => [[attribute], attribute]));
    assert.deepEqual(await partial('007'), [[['007'], '007']]);
  });

  // [row-72][row-73][row-74]
  test('who is no member neither reads nor writes', async () => {
    await refused(
      ['getPrivate', 'theirs', 'k'],
      /tx creator does not have read access permission on privatedata in chaincodeName:basic collectionName: theirs/);
    await refused(
      ['putPrivate', 'theirs', 'k'], /tx creator does not have write access permission/,
      { transient: { value: 'v' } });
    await refused(
      ['getPrivate', 'nowhere', 'k'], /collection mychannel\/basic\/nowhere could not be found/);
  });

  // [row-80]
  test('a hash of private data is everybody\'s', async () => {
    assert.equal(await service.run(['privateHash', 'theirs', 'k']), '');
    await refused(
      ['privateHash', 'nowhere', 'k'],
      /collection \[nowhere\] not defined in the collection config for chaincode \[basic\]/);
  });

  test('key-level policies, public and private', async () => {
    await service.run(['put', 'guarded', 'v']);
    assert.deepEqual(await service.runJson(['policyOrgs', 'guarded']), []);
    await service.run(['setPolicy', 'guarded', 'Org1MSP']);
    assert.deepEqual(await service.runJson(['policyOrgs', 'guarded']), ['Org1MSP']);
    await service.run(['put', 'guarded', 'another']);
    assert.deepEqual(await service.runJson(['policyOrgs', 'guarded']), ['Org1MSP']);

    await putPrivate('ours', 'guarded', 'v');
    await service.run(['setPrivatePolicy', 'ours', 'guarded', 'Org2MSP']);
    assert.deepEqual(await service.runJson(['privatePolicyOrgs', 'ours', 'guarded']), ['Org2MSP']);
    assert.equal(await service.run(['getPrivate', 'ours', 'guarded']), 'v');
  });

  // [row-90][row-150]
  test('the history of a key, newest first', async () => {
    await service.run(['put', 'told', 'one']);
    await service.run(['put', 'told', 'two']);
    await service.run(['delete', 'told']);
    const history = await service.runJson(['history', 'told']);
    assert.deepEqual(
      history.map(({ value, isDelete, hasTime }) => [value, isDelete, hasTime]),
      [['', true, true], ['two', false, true], ['one', false, true]]);
    assert.equal(new Set(history.map(({ txId }) => txId)).size, 3);
    assert.deepEqual(await service.runJson(['newest', 'told', '2']), ['', 'two']);
    assert.deepEqual(await service.runJson(['history', 'never told']), []);
  });

  // [row-90][row-97][row-135]
  test('rich queries, in batches and in pages', async () => {
    await service.run(['fillDocuments', '0', '250']);
    const query = (selector, more = {}) => JSON.stringify({ selector, ...more });
    const all = await service.runJson(['query', query({ docType: 'asset' })]);
    assert.equal(all.length, 250, 'more than two batches');
    assert.deepEqual(
      await service.runJson(['query', query({ docType: 'asset', number: { $gte: 247 } })]),
      ['doc0247', 'doc0248', 'doc0249']);
    assert.deepEqual(
      await service.runJson(['query', query(
        { docType: 'asset', owner: 'owner3', number: { $lt: 10 } },
        { use_index: ['indexOwnerDoc', 'indexOwner'] })]),
      ['doc0003', 'doc0008']);
    assert.deepEqual(
      await service.runJson(['queryValues', query({ number: 7 }, { fields: ['owner'] })]),
      [{ owner: 'owner2' }]);

    const owners = query({ docType: 'asset', owner: 'owner1' });
    const keys = [];
    for (let bookmark = '', count = 20; count === 20;) {
      const page = await service.runJson(['queryPage', owners, '20', bookmark]);
      keys.push(...page.keys);
      ({ bookmark, count } = page);
    }
    assert.deepEqual(keys, all.filter((_, i) => i % 5 === 1));
    await refused(['query', '{"selector":{"a":{"$no":1}}}'], /\$no/);
    await refused(
      ['queryPageAndWrite'], /Transaction has already performed a paginated query. Writes are not allowed/);
  });

  // [row-104][row-105][row-110][row-111]
  test('one chaincode calls another, on the same channel and on another', async () => {
    const call = (name, channel, ...args) => ['call', name, channel, JSON.stringify(args)];
    await service.run(
      ['writeAndCall', 'mine', 'second', '', JSON.stringify(['put', 'theirs', 'of the callee'])]);
    assert.equal(await service.run(['get', 'mine']), 'of the caller');
    assert.equal(await service.run(['get', 'theirs'], { name: 'second' }), 'of the callee');
    assert.equal(await service.run(['get', 'theirs']), '', 'each has its own namespace');

    const read = await service.runJson(call('second', '', 'get', 'theirs'));
    assert.deepEqual(read, { status: 200, payload: 'of the callee' });
    const elsewhere = await service.runJson(call('second', 'other', 'get', 'theirs'));
    assert.deepEqual(elsewhere, { status: 200, payload: '' });
    await service.run(call('second', 'other', 'put', 'lost', 'v'));
    assert.deepEqual(
      await service.runJson(call('second', 'other', 'get', 'lost')), { status: 200, payload: '' });

    await refused(
      call('basic', '', 'get', 'k'),
      /execute failed: error sending: txid: [0-9a-f]{64}\(mychannel\) exists/);
    await refused(
      call('second', 'nowhere', 'get', 'k'), /failed to find ledger for channel: nowhere/);
  });
});
