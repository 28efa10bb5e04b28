'use strict';

const assert = require('node:assert/strict');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { status } = require('@grpc/grpc-js');
const { checkpointers } = require('@hyperledger/fabric-gateway');

const { equal, text } = require('./expect');
const { drained, firstOf, next, using } = require('./streams');

const summary = ({ eventName, payload }) => `${eventName}: ${text(payload)}`;

/** Reads the first of three events, and goes on after the checkpoint at the second one. */
async function resumed(application, checkpointer, reopened) {
  const { network, chaincode } = application;
  const first = await application.emitted('one');
  for (const name of ['two', 'three']) await application.emitted(name);
  const opened = network.getChaincodeEvents(
    chaincode, { startBlock: first.blockNumber, checkpoint: checkpointer });
  await using(opened, async (iterator) => {
    for (let i = 0; i < 2; ++i) await checkpointer.checkpointChaincodeEvent(await next(iterator));
  });
  const again = network.getChaincodeEvents(chaincode, { checkpoint: await reopened() });
  return firstOf(again, (event) => equal(summary(event), 'three: about three'));
}

module.exports = [
  // Submits until an event arrives: the library does not say from when on the stream counts.
  ['chaincode events from now on', (application) =>
    using(application.network.getChaincodeEvents(application.chaincode), async (iterator) => {
      let arrived = false;
      const event = next(iterator).finally(() => { arrived = true; });
      event.catch(() => {}); // Awaited below.
      for (let i = 0; i < 100 && !arrived; ++i) await application.emitted('now');
      return equal(summary(await event), 'now: about now');
    })],

  ['chaincode events from a block on', async (application) => {
    const first = await application.emitted('first');
    await application.emitted('second');
    const opened = application.network.getChaincodeEvents(
      application.chaincode, { startBlock: first.blockNumber });
    return using(opened, async (iterator) => {
      const events = [await next(iterator), await next(iterator)];
      await application.emitted('third'); // Committed while the stream is open.
      events.push(await next(iterator));
      assert.equal(events[0].transactionId, first.transactionId);
      assert.equal(events[0].blockNumber, first.blockNumber);
      return equal(
        events.map(summary), ['first: about first', 'second: about second', 'third: about third']);
    });
  }],

  ['chaincode events after a checkpoint in memory', (application) => {
    const memory = checkpointers.inMemory();
    return resumed(application, memory, () => memory);
  }],

  ['chaincode events after a checkpoint in a file', async (application) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'application-'));
    try {
      const open = () => checkpointers.file(path.join(folder, 'checkpoint'));
      return await resumed(application, await open(), open);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],

  ['chaincode events of this chaincode only', async (application) => {
    const { assets, network, chaincode } = application;
    const commit = await assets.submitAsync(
      'CreateAsset', { arguments: ['event', 'red', '3', 'ann', '7'] });
    const { blockNumber } = await commit.getStatus();
    await application.emitted('after');
    const saw = [];
    for (const name of [assets.getChaincodeName(), chaincode]) {
      const opened = network.getChaincodeEvents(name, { startBlock: blockNumber });
      saw.push(await firstOf(opened, ({ eventName }) => eventName));
    }
    return equal(saw, ['stored', 'after']);
  }],

  ['chaincode events end when they are closed', ({ network, chaincode }) =>
    using(network.getChaincodeEvents(chaincode, { startBlock: 0n }), async (iterator, stream) => {
      await next(iterator);
      stream.close();
      return equal((await drained(iterator)).error.code, status.CANCELLED); // So the library says it.
    })],
];
