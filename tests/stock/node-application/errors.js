'use strict';

const assert = require('node:assert/strict');

const { status } = require('@grpc/grpc-js');
const { StatusCode } = require('@hyperledger/fabric-gateway');

const { allOf, equal, failed, failureOf, rejection } = require('./expect');
const { drained, using } = require('./streams');

const wrongOrganization = (creator) =>
  `access denied: channel [mychannel] creator org [${creator.identity.mspId}]`;

/** Checks that an error has details, and that they say from where. */
function detailed(error) {
  assert.ok(error.details.length > 0);
  for (const { address, mspId } of error.details) assert.ok(address && mspId);
}

/** Endorses two transfers of one asset before either is submitted, and returns their codes. */
async function codesOfTwo(assets) {
  const transactions = [];
  for (const owner of ['bob', 'eve']) {
    const proposal = assets.newProposal('TransferAsset', { arguments: ['conflict', owner] });
    transactions.push(await proposal.endorse());
  }
  const codes = [];
  for (const transaction of transactions) {
    codes.push((await (await transaction.submit()).getStatus()).code);
  }
  return codes;
}

/** Submits in one step, while others do, until one of them fails. */
async function conflicting(assets) {
  for (let i = 0; i < 50; ++i) {
    const all = Array.from({ length: 8 }, () => assets.submitTransaction('TransferAsset', 'conflict', 'joe'));
    const rejected = (await Promise.allSettled(all)).find((each) => each.status === 'rejected');
    if (rejected) return rejected.reason;
  }
  throw new Error('none of 400 has failed');
}

module.exports = [
  ['evaluate fails with what the chaincode says, and details', async ({ contract }) => {
    const error = await rejection(contract.evaluateTransaction('refuse', 'not today'));
    detailed(error);
    return failed(Promise.reject(error), 'GatewayError', 'UNKNOWN', 'chaincode response 500, not today');
  }],

  ['EndorseError with what the chaincode says, and details', async ({ contract }) => {
    const proposal = contract.newProposal('refuse', { arguments: ['not today'] });
    const error = await rejection(proposal.endorse());
    detailed(error);
    assert.equal(error.transactionId, proposal.getTransactionId());
    return failed(Promise.reject(error), 'EndorseError', 'ABORTED', 'chaincode response 500, not today');
  }],

  ['EndorseError of a chaincode that there is not', ({ network }) =>
    failed(network.getContract('nowhere').submitTransaction('put', 'k', 'v'),
      'EndorseError', 'FAILED_PRECONDITION', 'nowhere')],

  ['evaluate of a channel that there is not', async ({ gateway, chaincode }) => {
    const contract = gateway.getNetwork('nowhere').getContract(chaincode);
    const saw = failureOf(await rejection(contract.evaluateTransaction('join', 'a')));
    assert.ok(saw.message.includes('nowhere'));
    return saw;
  }],

  ['EndorseError of an organization that the channel does not have', (application) =>
    application.as(application.stranger, {}, async (contract) => {
      const saw = failureOf(await rejection(contract.submitTransaction('put', 'k', 'v')));
      assert.ok(allOf(saw).includes(wrongOrganization(application.stranger)), allOf(saw));
      equal(saw.type, 'EndorseError');
      return saw;
    })],

  ['EndorseError of a proposal that somebody else has signed', (application) =>
    application.as(application.forged, {}, async (contract) => {
      const saw = failureOf(await rejection(contract.submitTransaction('put', 'k', 'v')));
      assert.ok(allOf(saw).includes(wrongOrganization(application.user)), allOf(saw));
      equal(saw.type, 'EndorseError');
      return saw;
    })],

  ['SubmitError of a transaction that somebody else has signed', (application) =>
    application.as(application.forged, {}, async (_contract, _network, gateway) => {
      const proposal = application.contract.newProposal('put', { arguments: ['forged', 'v'] });
      const transaction = gateway.newTransaction((await proposal.endorse()).getBytes());
      const error = await rejection(transaction.submit());
      assert.equal(error.transactionId, transaction.getTransactionId());
      const saw = failureOf(error);
      equal(saw.type, 'SubmitError');
      return saw;
    })],

  ['CommitStatusError of a request that somebody else has signed', (application) =>
    application.as(application.forged, {}, async (_contract, _network, gateway) => {
      const commit = await application.contract.submitAsync('put', { arguments: ['asked for', 'v'] });
      return failed(
        gateway.newCommit(commit.getBytes()).getStatus(), 'CommitStatusError', 'PERMISSION_DENIED');
    })],

  ['CommitError of two that write what both have read', async ({ assets }) => {
    await assets.submitTransaction('CreateAsset', 'conflict', 'red', '3', 'ann', '7');
    equal(await codesOfTwo(assets), [StatusCode.VALID, StatusCode.MVCC_READ_CONFLICT]);
    const saw = failureOf(await conflicting(assets));
    equal([saw.type, saw.code], ['CommitError', 'MVCC_READ_CONFLICT']);
    assert.match(saw.message, /failed to commit with status code 11/i);
    return saw.code;
  }],

  ['CommitError of too few endorsements', async ({ contract, user }) => {
    const saw = failureOf(await rejection(contract.submit('put', {
      arguments: ['few', 'v'], endorsingOrganizations: [user.identity.mspId],
    })));
    return equal([saw.type, saw.code], ['CommitError', 'ENDORSEMENT_POLICY_FAILURE']);
  }],

  ['chaincode events for somebody else end', (application) =>
    application.as(application.forged, {}, async (contract, network) => {
      const events = network.getChaincodeEvents(contract.getChaincodeName(), { startBlock: 0n });
      const { count, error } = await using(events, drained);
      equal([count, error?.code], [0, status.PERMISSION_DENIED]);
      const blocks = await using(network.getBlockEvents({ startBlock: 0n }), drained);
      equal(blocks.count, 0);
      return failureOf(error);
    })],
];
