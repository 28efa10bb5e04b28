'use strict';

const { KeyEndorsementPolicy } = require('fabric-shim');

const { RecordedContract, recorded } = require('../support/recorded');

const hex = (bytes) => Buffer.from(bytes).toString('hex');

async function collect(results, shape) {
  const all = [];
  for await (const result of results) all.push(shape(result));
  return all;
}

const keyOf = ({ key }) => key;

/** The features of the stock shim beyond plain state: private data, metadata, history, queries, calls. */
class LedgerContract extends RecordedContract {
  async put(ctx, key, value) {
    await ctx.stub.putState(key, Buffer.from(value));
  }

  async get(ctx, key) {
    return (await ctx.stub.getState(key)).toString();
  }

  async delete(ctx, key) {
    await ctx.stub.deleteState(key);
  }

  /** The value is passed as transient data, so that no block contains it. */
  async putPrivate(ctx, collection, key) {
    await ctx.stub.putPrivateData(collection, key, ctx.stub.getTransient().get('value'));
  }

  async getPrivate(ctx, collection, key) {
    return Buffer.from(await ctx.stub.getPrivateData(collection, key)).toString();
  }

  async deletePrivate(ctx, collection, key) {
    await ctx.stub.deletePrivateData(collection, key);
  }

  async purgePrivate(ctx, collection, key) {
    await ctx.stub.purgePrivateData(collection, key);
  }

  async privateHash(ctx, collection, key) {
    return hex(await ctx.stub.getPrivateDataHash(collection, key));
  }

  async privateRange(ctx, collection, start, end) {
    return collect(
      ctx.stub.getPrivateDataByRange(collection, start, end),
      ({ key, value }) => [key, value.toString()]);
  }

  /** Keys of `objectType` with one attribute, each with its attribute as its value. */
  async fillPrivateComposite(ctx, collection, objectType, attributes) {
    for (const attribute of JSON.parse(attributes)) {
      await ctx.stub.putPrivateData(
        collection, ctx.stub.createCompositeKey(objectType, [attribute]), attribute);
    }
  }

  async privatePartialComposite(ctx, collection, objectType, attributes) {
    return collect(
      ctx.stub.getPrivateDataByPartialCompositeKey(collection, objectType, JSON.parse(attributes)),
      ({ key, value }) => [ctx.stub.splitCompositeKey(key).attributes, value.toString()]);
  }

  async privateRangeAndWrite(ctx, collection) {
    await collect(ctx.stub.getPrivateDataByRange(collection, '', ''), keyOf);
    await ctx.stub.putState('written', Buffer.from('after the range'));
  }

  async privateQuery(ctx, collection, query) {
    return collect(ctx.stub.getPrivateDataQueryResult(collection, query), keyOf);
  }

  /** Requires endorsements of `mspId`, and temporarily of another one, for writes to the key. */
  async setPolicy(ctx, key, mspId) {
    const policy = recorded(new KeyEndorsementPolicy());
    policy.addOrgs('MEMBER', mspId, 'Org9MSP');
    policy.delOrgs('Org9MSP');
    await ctx.stub.setStateValidationParameter(key, policy.getPolicy());
  }

  async policyOrgs(ctx, key) {
    const bytes = await ctx.stub.getStateValidationParameter(key);
    return bytes && bytes.length > 0 ? recorded(new KeyEndorsementPolicy(bytes)).listOrgs() : [];
  }

  async setPrivatePolicy(ctx, collection, key, mspId) {
    const policy = new KeyEndorsementPolicy();
    policy.addOrgs('MEMBER', mspId);
    await ctx.stub.setPrivateDataValidationParameter(collection, key, policy.getPolicy());
  }

  async privatePolicyOrgs(ctx, collection, key) {
    const bytes = await ctx.stub.getPrivateDataValidationParameter(collection, key);
    return bytes && bytes.length > 0 ? new KeyEndorsementPolicy(bytes).listOrgs() : [];
  }

  /** Returns the newest `count` changes, closes the iterator, and reads the state once more. */
  async newest(ctx, key, count) {
    const iterator = recorded(await ctx.stub.getHistoryForKey(key));
    const values = [];
    while (values.length < Number(count)) values.push((await iterator.next()).value.value.toString());
    await iterator.close();
    await ctx.stub.getState(key);
    return values;
  }

  async history(ctx, key) {
    return collect(ctx.stub.getHistoryForKey(key), ({ txId, value, isDelete, timestamp }) => ({
      txId, value: Buffer.from(value).toString(), isDelete, hasTime: Number(timestamp.seconds) > 0,
    }));
  }

  async query(ctx, query) {
    return collect(ctx.stub.getQueryResult(query), keyOf);
  }

  async queryValues(ctx, query) {
    return collect(ctx.stub.getQueryResult(query), ({ value }) => JSON.parse(value.toString()));
  }

  async queryPage(ctx, query, pageSize, bookmark) {
    const { iterator, metadata } =
      await ctx.stub.getQueryResultWithPagination(query, Number(pageSize), bookmark);
    const keys = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      keys.push(next.value.key);
    }
    return { keys, count: metadata.fetchedRecordsCount, bookmark: metadata.bookmark };
  }

  async queryPageAndWrite(ctx) {
    await ctx.stub.getQueryResultWithPagination('{"selector":{}}', 1, '');
    await ctx.stub.putState('written', Buffer.from('after the page'));
  }

  /** Writes one document for each number; the owners alternate. */
  async fillDocuments(ctx, from, to) {
    for (let i = Number(from); i < Number(to); ++i) {
      const document = { docType: 'asset', number: i, owner: `owner${i % 5}` };
      await ctx.stub.putState(
        `doc${String(i).padStart(4, '0')}`, Buffer.from(JSON.stringify(document)));
    }
  }

  /** `args` is a JSON array: the contract API counts a function's parameters. */
  async call(ctx, name, channel, args) {
    const response = await ctx.stub.invokeChaincode(name, JSON.parse(args), channel);
    return { status: response.status, payload: Buffer.from(response.payload).toString() };
  }

  async writeAndCall(ctx, key, name, channel, args) {
    await ctx.stub.putState(key, Buffer.from('of the caller'));
    await ctx.stub.invokeChaincode(name, JSON.parse(args), channel);
  }
}

module.exports.contracts = [LedgerContract];
