'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`state: ${language.name}`, () => {
  let service;
  let chaincode;

  before(async () => {
    service = await language.start();
    chaincode = await service.startContract('contract');
  });

  after(async () => {
    await chaincode?.stop();
    await service?.stop();
  });

  const numbers = (from, to) =>
    Array.from({ length: to - from }, (_, i) => String(from + i).padStart(3, '0'));

  test('a value is put, read, replaced and deleted', async () => {
    assert.equal(await service.run(['get', 'color']), '');
    await service.run(['put', 'color', 'blue']);
    assert.equal(await service.run(['get', 'color']), 'blue');
    await service.run(['put', 'color', 'grün']);
    assert.equal(await service.run(['get', 'color']), 'grün');
    await service.run(['delete', 'color']);
    assert.equal(await service.run(['get', 'color']), '');
  });

  test('a value is bytes: zeros, what is no UTF-8, and 64 KiB of all of them', async () => {
    const all = Buffer.alloc(64 * 1024, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    for (const bytes of [Buffer.from([0, 1, 0]), Buffer.from([0xff, 0xfe]), all]) {
      await service.run(['putBytes', 'bytes', bytes.toString('base64')]);
      assert.equal(await service.run(['getBytes', 'bytes']), bytes.toString('base64'));
    }
  });

  // [row-125]
  test('a transaction does not read its own writes', async () => {
    await service.run(['put', 'own', 'before']);
    assert.deepEqual(
      await service.runJson(['readOwnWrites', 'own']), { afterPut: 'before', afterDelete: 'before' });
    assert.equal(await service.run(['get', 'own']), '', 'the last of its writes counts');
  });

  test('requests at once are answered each with its own value', async () => {
    await service.run(['fill', 'once', '20']);
    const keys = numbers(0, 20).map((number) => `once${number}`);
    assert.deepEqual(
      await service.runJson(['getAtOnce', keys.join()]), keys.map((_, i) => `${i}`));
  });

  // [row-130]
  test('a range begins with its start, ends before its end, and is in order', async () => {
    await service.run(['fill', 'small', '9']);
    assert.deepEqual(await service.runJson(['range', 'small003', 'small006']), [
      ['small003', '3'], ['small004', '4'], ['small005', '5'],
    ]);
    assert.deepEqual(await service.runJson(['range', 'small1', 'small2']), []);
  });

  // [row-97]
  test('a range of 250 results comes whole, over several pages of the peer', async () => {
    await service.run(['fill', 'range', '250']);
    assert.deepEqual(
      await service.runJson(['range', 'range', 'range~']),
      numbers(0, 250).map((number) => [`range${number}`, `${Number(number)}`]));
  });

  // [row-93]
  test('an iterator may be closed long before its end', async () => {
    await service.run(['fill', 'close', '150']);
    const first = [['close000', '0'], ['close001', '1']];
    assert.deepEqual(await service.runJson(['rangeStart', 'close', 'close~', '2']), first);
  });

  test('an open range has the simple keys, and no composite ones', async () => {
    await service.run(['put', 'open', 'simple']);
    await service.run(['fillComposite', 'open', 'blue', '1']);
    const keys = (await service.runJson(['range', '', ''])).map(([key]) => key);
    assert.ok(keys.includes('open'));
    assert.deepEqual(keys.filter((key) => key.startsWith('\u0000')), []);
    assert.deepEqual(keys, [...keys].sort());
  });

  // [row-131]
  test('pages go from bookmark to bookmark, to the end', async () => {
    await service.run(['fill', 'page', '25']);
    const pages = [];
    let bookmark = '';
    do {
      const page = await service.runJson(['page', 'page', 'page~', '10', bookmark]);
      assert.equal(page.metadata.fetchedRecordsCount, page.keys.length);
      pages.push(page.keys);
      ({ bookmark } = page.metadata);
    } while (bookmark !== '');
    assert.deepEqual(pages, [numbers(0, 10), numbers(10, 20), numbers(20, 25)]
      .map((page) => page.map((number) => `page${number}`)));
  });

  // [row-135]
  test('pages and writes do not go together', async () => {
    const refused = async (name) => (await service.invoke([name])).chaincode_message;
    assert.match(await refused('pageAndWrite'), language.expects.refusal(
      /PUT_STATE failed: transaction ID: (\w{64}): txid \[\1\]: unsuppored transaction. Transaction has already performed a paginated query. Writes are not allowed$/));
    assert.match(await refused('writeAndPage'), language.expects.refusal(
      /GET_STATE_BY_RANGE failed: transaction ID: (\w{64}): txid \[\1\]: unsuppored transaction. Paginated queries are supported only in a read-only transaction$/));
  });

  test('a page may be longer than what the peer sends at once', async () => {
    await service.run(['fill', 'wide', '150']);
    const { keys, metadata } = await service.runJson(['page', 'wide', 'wide~', '120', '']);
    assert.deepEqual(keys, numbers(0, 120).map((number) => `wide${number}`));
    assert.deepEqual(metadata, { bookmark: 'wide120', fetchedRecordsCount: 120 });
  });

  const partialComposite = (objectType, ...attributes) =>
    service.runJson(['partialComposite', objectType, JSON.stringify(attributes)]);

  test('a partial composite key finds its 130 keys and no others', async () => {
    await service.run(['fillComposite', 'car', 'blue', '130']);
    await service.run(['fillComposite', 'car', 'bluegreen', '1']);
    await service.run(['fillComposite', 'cart', 'blue', '1']);
    assert.deepEqual(
      await partialComposite('car', 'blue'),
      numbers(0, 130).map((number) =>
        ({ objectType: 'car', attributes: ['blue', number], value: `${Number(number)}` })));
    assert.equal((await partialComposite('car')).length, 131);
    assert.equal((await partialComposite('car', 'blue', '007')).length, 1, 'the whole key');
    assert.deepEqual(await partialComposite('car', 'blue', '00'), [], 'only whole attributes count');
    assert.deepEqual(await partialComposite('boat'), []);
  });

  test('a partial composite key has pages, too', async () => {
    await service.run(['fillComposite', 'bike', 'red', '7']);
    const first = await service.runJson(['partialCompositePage', 'bike', 'red', '5', '']);
    assert.deepEqual(first.numbers, numbers(0, 5));
    assert.equal(first.metadata.fetchedRecordsCount, 5);
    const second =
      await service.runJson(['partialCompositePage', 'bike', 'red', '5', first.metadata.bookmark]);
    assert.deepEqual(second.numbers, numbers(5, 7));
    assert.deepEqual(second.metadata, { bookmark: '', fetchedRecordsCount: 2 });
  });
});
