'use strict';

const assert = require('node:assert/strict');

const { status } = require('@grpc/grpc-js');
const { checkpointers } = require('@hyperledger/fabric-gateway');
const { common } = require('@hyperledger/fabric-protos');

const { hashOf, privateWritesOf } = require('./envelope');
const { equal, text } = require('./expect');
const {
  blockAndPrivateDataIs, blockIs, drained, filteredBlockIs, firstOf, next, using,
} = require('./streams');

/** Opens a stream after a block that was dealt with, and looks at the one that comes first. */
const afterCheckpoint = (open, isBlock) => async (application) => {
  const { blockNumber } = await application.emitted('dealt with');
  await application.emitted('not yet dealt with');
  const checkpoint = checkpointers.inMemory();
  await checkpoint.checkpointBlock(blockNumber);
  await firstOf(
    open(application.network, { startBlock: 0n, checkpoint }), isBlock(Number(blockNumber) + 1));
  return 'the block after';
};

const openBlocks = (network, options) => network.getBlockEvents(options);
const openFiltered = (network, options) => network.getFilteredBlockEvents(options);
const openPrivate = (network, options) => network.getBlockAndPrivateDataEvents(options);

module.exports = [
  ['blocks from a block on, as a chain of hashes', async (application) => {
    const { blockNumber } = await application.emitted('block');
    await application.emitted('next block');
    return using(openBlocks(application.network, { startBlock: blockNumber }), async (iterator) => {
      const [block, after] = [await next(iterator), await next(iterator)];
      assert.equal(block.getHeader().getNumber(), Number(blockNumber));
      const previous = Buffer.from(after.getHeader().getPreviousHash_asU8()).toString('hex');
      assert.equal(previous, hashOf(block.getHeader()));
      const codes =
        block.getMetadata().getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
      return equal([block.getData().getDataList().length, [...codes]], [1, [0]]);
    });
  }],

  ['blocks from now on', (application) =>
    using(openBlocks(application.network), async (iterator) => {
      const { blockNumber } = await application.emitted('now');
      let arrived = false;
      const block = next(iterator).finally(() => { arrived = true; });
      block.catch(() => {}); // Awaited below.
      // The stream may have begun after the first block. Then there are more.
      for (let i = 0; i < 20 && !arrived; ++i) await application.emitted('more');
      assert.ok((await block).getHeader().getNumber() >= Number(blockNumber));
    })],

  ['blocks after a checkpoint', afterCheckpoint(openBlocks, blockIs)],

  // It has the transaction's id, type, code and event, and no payload.
  ['filtered blocks from a block on', async (application) => {
    const { blockNumber, transactionId } = await application.emitted('filtered');
    return firstOf(openFiltered(application.network, { startBlock: blockNumber }), (block) => {
      assert.equal(block.getNumber(), Number(blockNumber));
      const transactions = block.getFilteredTransactionsList();
      assert.deepEqual(transactions.map((each) => each.getTxid()), [transactionId]);
      const [transaction] = transactions;
      const [action] = transaction.getTransactionActions().getChaincodeActionsList();
      const event = action.getChaincodeEvent();
      return equal([
        block.getChannelId(), transaction.getType(), transaction.getTxValidationCode(),
        event.getEventName(), text(event.getPayload_asU8()),
      ], [application.channel, common.HeaderType.ENDORSER_TRANSACTION, 0, 'filtered', '']);
    });
  }],

  ['filtered blocks after a checkpoint', afterCheckpoint(openFiltered, filteredBlockIs)],

  ['blocks with private data from a block on', async ({ contract, network, chaincode }) => {
    const commit = await contract.submitAsync('putPrivate', {
      arguments: ['ours', 'block'], transientData: { value: 'in no block' },
    });
    const { blockNumber } = await commit.getStatus();
    return firstOf(openPrivate(network, { startBlock: blockNumber }), (block) =>
      equal(
        privateWritesOf(block.getPrivateDataMapMap().get(0)), [`${chaincode} ours block: in no block`]));
  }],

  ['blocks with private data after a checkpoint', afterCheckpoint(openPrivate, blockAndPrivateDataIs)],

  ['block events end when they are closed', async ({ network }) => {
    for (const open of [openBlocks, openFiltered, openPrivate]) {
      await using(open(network, { startBlock: 0n }), async (iterator, stream) => {
        await next(iterator);
        stream.close();
        equal((await drained(iterator)).error.code, status.CANCELLED); // So the library says it.
      });
    }
  }],
];
