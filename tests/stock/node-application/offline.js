'use strict';

const { createHash } = require('node:crypto');

const { hash } = require('@hyperledger/fabric-gateway');

const { equal, rejection, text } = require('./expect');
const { blockAndPrivateDataIs, blockIs, filteredBlockIs, firstOf } = require('./streams');

/** Signs a message as somebody without a connection would, and has the gateway make a new one of it. */
async function signedOffline({ user }, message, taken) {
  return taken(message.getBytes(), await user.signer(message.getDigest()));
}

/** Has `use` do something with a gateway that cannot sign. */
const withoutSigner = (application, use) =>
  application.as({ identity: application.user.identity }, {}, use);

const offlineEvents = (make, take, look) => (application) =>
  withoutSigner(application, async (contract, network, gateway) => {
    const request = await signedOffline(
      application, make(network, contract), (...signed) => take(gateway, ...signed));
    return firstOf(request.getEvents(), look);
  });

module.exports = [
  ['sign a proposal off-line and evaluate it', (application) =>
    withoutSigner(application, async (contract, _network, gateway) => {
      const proposal = await signedOffline(
        application, contract.newProposal('join', { arguments: ['off', 'line'] }),
        (...signed) => gateway.newSignedProposal(...signed));
      return equal(text(await proposal.evaluate()), 'off+line');
    })],

  ['sign proposal, transaction and commit off-line', (application) =>
    withoutSigner(application, async (contract, _network, gateway) => {
      const proposal = await signedOffline(
        application, contract.newProposal('put', { arguments: ['offline', 'signed'] }),
        (...signed) => gateway.newSignedProposal(...signed));
      const transaction = await signedOffline(
        application, await proposal.endorse(), (...signed) => gateway.newSignedTransaction(...signed));
      const commit = await signedOffline(
        application, await transaction.submit(), (...signed) => gateway.newSignedCommit(...signed));
      return equal((await commit.getStatus()).successful, true);
    })],

  ['sign the request of chaincode events off-line', offlineEvents(
    (network, contract) =>
      network.newChaincodeEventsRequest(contract.getChaincodeName(), { startBlock: 0n }),
    (gateway, ...signed) => gateway.newSignedChaincodeEventsRequest(...signed),
    (event) => event.eventName)],

  ['sign the request of block events off-line', offlineEvents(
    (network) => network.newBlockEventsRequest({ startBlock: 1n }),
    (gateway, ...signed) => gateway.newSignedBlockEventsRequest(...signed), blockIs(1))],

  ['sign the request of filtered block events off-line', offlineEvents(
    (network) => network.newFilteredBlockEventsRequest({ startBlock: 1n }),
    (gateway, ...signed) => gateway.newSignedFilteredBlockEventsRequest(...signed), filteredBlockIs(1))],

  ['sign the request of blocks with private data off-line', offlineEvents(
    (network) => network.newBlockAndPrivateDataEventsRequest({ startBlock: 1n }),
    (gateway, ...signed) => gateway.newSignedBlockAndPrivateDataEventsRequest(...signed),
    blockAndPrivateDataIs(1))],

  // Each step is done by another gateway, which has the bytes of the step before and signs itself.
  ['take up a proposal, transaction and commit from bytes', (application) =>
    application.as(application.user, {}, async (_contract, _network, second) => {
      const { contract, gateway } = application;
      const proposal = second.newProposal(
        contract.newProposal('put', { arguments: ['taken', 'up'] }).getBytes());
      const transaction = gateway.newTransaction((await proposal.endorse()).getBytes());
      const commit = second.newCommit((await transaction.submit()).getBytes());
      return equal((await commit.getStatus()).successful, true);
    })],

  // The signer hashes, as one does that keeps its key in a device of its own.
  ['sign messages that are not hashed before', (application) => {
    const { identity, signer } = application.user;
    const sha256 = (message) => createHash('sha256').update(message).digest();
    const hashing = { identity, signer: (message) => signer(sha256(message)) };
    return application.as(hashing, { hash: hash.none }, async (contract) => {
      await contract.submitTransaction('put', 'unhashed', 'signed');
      return equal(text(await contract.evaluateTransaction('get', 'unhashed')), 'signed');
    });
  }],

  ['without a signature nothing is sent', (application) =>
    withoutSigner(application, async (contract) =>
      (await rejection(contract.evaluateTransaction('join', 'a'))).message)],
];
