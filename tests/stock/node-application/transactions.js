'use strict';

const assert = require('node:assert/strict');

const { StatusCode } = require('@hyperledger/fabric-gateway');

const { endorsersOf } = require('./envelope');
const { equal, text } = require('./expect');

const TRANSIENT = { price: '110' };

module.exports = [
  ['evaluate a transaction', async ({ contract }) =>
    equal(text(await contract.evaluateTransaction('join', 'a', 'b')), 'a+b')],

  ['submit a transaction', async ({ contract }) => {
    await contract.submitTransaction('put', 'submitted', 'here');
    return equal(text(await contract.evaluateTransaction('get', 'submitted')), 'here');
  }],

  ['arguments that are bytes', async ({ contract }) => {
    await contract.submit('put', { arguments: [Buffer.from('bytes'), Uint8Array.of(0, 0xff, 0xfe, 1)] });
    return equal(text(await contract.evaluateTransaction('getBytes', 'bytes')), 'AP/+AQ==');
  }],

  ['a named contract', async ({ network, assets }) => {
    const contract = network.getContract(assets.getChaincodeName(), 'audit');
    const result = await contract.evaluateTransaction('Notes', 'mine');
    return equal([contract.getContractName(), text(result)], ['audit', '["before","mine"]']);
  }],

  ['transient data', async ({ contract }) =>
    equal(text(await contract.evaluate('transient', { transientData: TRANSIENT })), '[["price","110"]]')],

  ['private data', async ({ contract }) => {
    await contract.submit('putPrivate', {
      arguments: ['ours', 'application'], transientData: { value: 'confidential' },
    });
    const result = await contract.evaluateTransaction('getPrivate', 'ours', 'application');
    return equal(text(result), 'confidential');
  }],

  ['endorsing organizations', async ({ contract, other }) => {
    const wanted = [other.identity.mspId];
    const proposal = contract.newProposal('put', {
      arguments: ['endorsed', 'by the other'], endorsingOrganizations: wanted,
    });
    return equal(endorsersOf(await proposal.endorse()), wanted);
  }],

  ['evaluate with endorsing organizations', async ({ contract, other }) => {
    const result = await contract.evaluate('join', {
      arguments: ['a', 'b'], endorsingOrganizations: [other.identity.mspId],
    });
    return equal(text(result), 'a+b');
  }],

  ['submit asynchronously, then ask for the status', async ({ contract }) => {
    const commit = await contract.submitAsync('emit', { arguments: ['async'] });
    assert.equal(commit.getResult().length, 0);
    const status = await commit.getStatus();
    assert.equal(status.transactionId, commit.getTransactionId());
    return equal([status.code === StatusCode.VALID, status.successful], [true, true]);
  }],

  ['endorse, submit and ask for the status step by step', async ({ assets }) => {
    const proposal = assets.newProposal('CreateAsset', { arguments: ['steps', 'red', '3', 'ann', '7'] });
    const transaction = await proposal.endorse();
    const commit = await transaction.submit();
    const status = await commit.getStatus();
    return equal([JSON.parse(text(transaction.getResult())).ID, status.successful], ['steps', true]);
  }],

  ['the transaction id', async ({ contract }) => {
    const proposal = contract.newProposal('context');
    const transaction = await proposal.endorse();
    const commit = await transaction.submit();
    await commit.getStatus();
    const id = proposal.getTransactionId();
    const { txId } = JSON.parse(text(transaction.getResult()));
    equal([transaction.getTransactionId(), commit.getTransactionId(), txId], [id, id, id]);
    return id.length;
  }],

  ['fifty submits at once', async ({ contract }) => {
    const keys = Array.from({ length: 50 }, (_, i) => `once${i}`);
    await Promise.all(keys.map((key) => contract.submitTransaction('put', key, key)));
    const values = JSON.parse(text(await contract.evaluateTransaction('getAtOnce', keys.join())));
    return equal(values, keys).length;
  }],

  // It is three times in the answer to Endorse, which has to stay below the 4 MiB that the library's
  // connection receives by default.
  ['a value of 1 MiB', async ({ contract }) => {
    const value = 'one MiB of it...'.repeat((1 << 20) / 16);
    await contract.submitTransaction('put', 'large', value);
    const result = text(await contract.evaluateTransaction('get', 'large'));
    assert.ok(result === value);
    return result.length;
  }],
];
