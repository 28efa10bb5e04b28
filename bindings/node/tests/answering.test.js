'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { answering, textOf } = require('../lib/answering');
const { StockPackages } = require('../lib/stock-packages');
const { messages } = require('./support/scripted-router');

const { Shim } = StockPackages.of(__dirname);
const STUB = { getTxID: () => 'tx1' };

/** What the wrapped chaincode returns, and what it logs. */
async function answerOf(invoke) {
  const logged = [];
  const log = { error: (line) => logged.push(line) };
  const chaincode = answering({ Init: invoke, Invoke: invoke }, { Shim, messages, log });
  return { answer: await chaincode.Invoke(STUB), logged };
}

const TEXTS = [
  ['no paint', 'no paint'],
  [new Error('no paint'), 'no paint'],
  [Buffer.from('keine Farbe, bitte'), 'keine Farbe, bitte'],
  [new Uint8Array([0x6e, 0x6f]), 'no'],
  [undefined, ''],
  [null, ''],
  [404, '404'],
  [{ message: 'of another realm' }, 'of another realm'],
];

for (const [error, text] of TEXTS) {
  test(`an error has a text: ${text} of ${error?.constructor.name}`, async () => {
    assert.equal(textOf(error), text);
    const { answer } = await answerOf(async () => Shim.error(error));
    assert.deepEqual(answer, { status: 500, message: text });
    const rejected = await answerOf(() => Promise.reject(error));
    assert.deepEqual(rejected.answer, { status: 500, message: text });
  });
}

// [row-207]
test('an Error and a Buffer arrive as text', async () => {
  for (const error of [new Error('no paint'), Buffer.from('no paint')]) {
    assert.equal((await answerOf(async () => Shim.error(error))).answer.message, 'no paint');
  }
});

test('a success keeps its payload and any other status its message', async () => {
  const payload = Buffer.from('done');
  assert.deepEqual((await answerOf(async () => Shim.success(payload))).answer.payload, payload);
  const { answer, logged } = await answerOf(async () => ({ status: 404, message: 'no such car' }));
  assert.deepEqual(answer, { status: 404, message: 'no such car' });
  assert.deepEqual(logged, []);
});

// [row-208]
test('a response that cannot be encoded is a failure that says why, and is logged', async () => {
  const { answer, logged } = await answerOf(async () => ({ status: 200, payload: { not: 'bytes' } }));
  assert.equal(answer.status, 500);
  assert.notEqual(answer.message, '');
  assert.match(logged[0], /Invoke of transaction tx1 failed/);
});

test('no response at all is left to the stock handler, which says so', async () => {
  assert.equal((await answerOf(async () => undefined)).answer, undefined);
});
