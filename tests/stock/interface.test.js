'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Service } = require('../../bindings/node/tests/support/service');

let service;
let chaincode;

before(async () => {
  service = await Service.start();
  chaincode = await service.startChaincode(path.join(__dirname, 'interface-chaincode'));
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
  const answer = await service.invoke(['status', '404', 'no such car', 'details']);
  assert.equal(answer.ok, false);
  assert.equal(answer.chaincode_status, 404);
  assert.equal(answer.chaincode_message, 'no such car');
});

test('an Invoke that rejects is an answer with status 500, at once', async () => {
  const answer = await service.invoke(['reject', 'engine fault']);
  assert.equal(answer.chaincode_status, 500);
  assert.equal(answer.chaincode_message, 'engine fault');
  assert.equal(await service.run(['join', 'still', 'there']), 'still+there');
});

test('an Invoke that returns nothing is a failure that says so', async () => {
  const answer = await service.invoke(['nothing']);
  assert.equal(answer.chaincode_status, 500);
  assert.match(answer.chaincode_message, /has not called success or error/);
});
