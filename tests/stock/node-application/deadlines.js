'use strict';

const { gateway: messages, msp } = require('@hyperledger/fabric-protos');

const { failed } = require('./expect');
const { drained, using } = require('./streams');

const SHORT_MS = 300;
const short = () => ({ deadline: Date.now() + SHORT_MS });
const LATE = 'DEADLINE_EXCEEDED';

/** The request for the status of a transaction that nobody submits. */
function commitOf({ channel, user }, gateway, transactionId) {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(user.identity.mspId);
  creator.setIdBytes(user.identity.credentials);
  const request = new messages.CommitStatusRequest();
  request.setChannelId(channel);
  request.setTransactionId(transactionId);
  request.setIdentity(creator.serializeBinary());
  const signed = new messages.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  return gateway.newCommit(signed.serializeBinary());
}

module.exports = [
  ['evaluate has a deadline', ({ contract }) =>
    failed(contract.newProposal('hold').evaluate(short()), 'GatewayError', LATE)],

  ['the timeout of evaluate', (application) =>
    application.as(application.user, { evaluateOptions: short }, (contract) =>
      failed(contract.evaluateTransaction('hold'), 'GatewayError', LATE))],

  ['the timeout of endorse', (application) =>
    application.as(application.user, { endorseOptions: short }, (contract) =>
      failed(contract.submitTransaction('hold'), 'EndorseError', LATE))],

  // No time is left at all: a submit is over as soon as the transaction is ordered.
  ['the timeout of submit', (application) =>
    application.as(application.user, { submitOptions: () => ({ deadline: Date.now() - 1 }) }, (contract) =>
      failed(contract.submitTransaction('put', 'late', 'v'), 'SubmitError', LATE))],

  ['the timeout of the commit status', (application) =>
    application.as(application.user, { commitStatusOptions: short }, (_contract, _network, gateway) =>
      failed(
        commitOf(application, gateway, '0123456789abcdef').getStatus(), 'CommitStatusError', LATE))],

  ['event streams have a deadline', (application) => {
    const options = { chaincodeEventsOptions: short, blockEventsOptions: short };
    return application.as(application.user, options, async (contract, network) => {
      const events = await using(network.getChaincodeEvents(contract.getChaincodeName()), drained);
      const blocks = await using(network.getBlockEvents(), drained);
      await failed(Promise.reject(events.error), 'GatewayError', LATE);
      return failed(Promise.reject(blocks.error), 'GatewayError', LATE);
    });
  }],
];
