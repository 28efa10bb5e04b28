'use strict';

// The system chaincode that reads the ledger, as a REST server of fabric-samples asks it.
const assert = require('node:assert/strict');

const { common, peer } = require('@hyperledger/fabric-protos');

const { hashOf } = require('./envelope');
const { equal } = require('./expect');

const asked = async ({ channel, network }, message, name, ...args) =>
  message.deserializeBinary(await network.getContract('qscc').evaluateTransaction(name, channel, ...args));

module.exports = [
  ['qscc: GetChainInfo', async (application) => {
    const { blockNumber } = await application.emitted('chain info');
    const info = await asked(application, common.BlockchainInfo, 'GetChainInfo');
    assert.equal(info.getHeight(), Number(blockNumber) + 1);
    const block = await asked(application, common.Block, 'GetBlockByNumber', `${blockNumber}`);
    const hash = Buffer.from(info.getCurrentblockhash_asU8()).toString('hex');
    assert.equal(hash, hashOf(block.getHeader()));
  }],

  ['qscc: GetBlockByNumber', async (application) => {
    const block = await asked(application, common.Block, 'GetBlockByNumber', '1');
    return equal(block.getHeader().getNumber(), 1);
  }],

  ['qscc: GetBlockByTxID', async (application) => {
    const { blockNumber, transactionId } = await application.emitted('block by id');
    const block = await asked(application, common.Block, 'GetBlockByTxID', transactionId);
    assert.equal(block.getHeader().getNumber(), Number(blockNumber));
  }],

  ['qscc: GetTransactionByID', async (application) => {
    const { transactionId } = await application.emitted('transaction by id');
    const processed =
      await asked(application, peer.ProcessedTransaction, 'GetTransactionByID', transactionId);
    const payload = common.Payload.deserializeBinary(
      processed.getTransactionenvelope().getPayload_asU8());
    const header =
      common.ChannelHeader.deserializeBinary(payload.getHeader().getChannelHeader_asU8());
    assert.equal(header.getTxId(), transactionId);
    return equal(processed.getValidationcode(), 0);
  }],
];
