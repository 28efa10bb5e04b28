'use strict';

const { ClientIdentity } = require('fabric-shim');

const { RecordedContract, recorded } = require('../support/recorded');

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const pair = ({ key, value }) => [key, value.toString()];

/** State, and the functions of the stock shim's stub that do not ask the peer. */
class StockContract extends RecordedContract {
  async put(ctx, key, value) {
    await ctx.stub.putState(key, Buffer.from(value));
  }

  async putBytes(ctx, key, encoded) {
    await ctx.stub.putState(key, Buffer.from(encoded, 'base64'));
  }

  async get(ctx, key) {
    return (await ctx.stub.getState(key)).toString();
  }

  async getBytes(ctx, key) {
    return base64(await ctx.stub.getState(key));
  }

  async delete(ctx, key) {
    await ctx.stub.deleteState(key);
  }

  /** Returns what a transaction reads from a key that it has just written or deleted. */
  async readOwnWrites(ctx, key) {
    await ctx.stub.putState(key, Buffer.from('written'));
    const afterPut = (await ctx.stub.getState(key)).toString();
    await ctx.stub.deleteState(key);
    const afterDelete = (await ctx.stub.getState(key)).toString();
    return { afterPut, afterDelete };
  }

  /** Many requests at once; the shim sends them one after the other. */
  async getAtOnce(ctx, keys) {
    const values = await Promise.all(keys.split(',').map((key) => ctx.stub.getState(key)));
    return values.map(String);
  }

  /** Keys prefix000, prefix001 and so on, each with its number as its value. */
  async fill(ctx, prefix, count) {
    for (let i = 0; i < Number(count); ++i) {
      await ctx.stub.putState(`${prefix}${String(i).padStart(3, '0')}`, Buffer.from(`${i}`));
    }
  }

  async range(ctx, startKey, endKey) {
    const results = [];
    for await (const result of ctx.stub.getStateByRange(startKey, endKey)) {
      results.push(pair(result));
    }
    return results;
  }

  /** Returns the first `count` results, closes the iterator, and reads the state once more. */
  async rangeStart(ctx, startKey, endKey, count) {
    const iterator = recorded(await ctx.stub.getStateByRange(startKey, endKey));
    const results = [];
    while (results.length < Number(count)) results.push(pair((await iterator.next()).value));
    await iterator.close();
    await ctx.stub.getState(startKey);
    return results;
  }

  async pageAndWrite(ctx) {
    await ctx.stub.getStateByRangeWithPagination('a', 'b', 1, '');
    await ctx.stub.putState('a', Buffer.from('after the page'));
  }

  async writeAndPage(ctx) {
    await ctx.stub.putState('a', Buffer.from('before the page'));
    await ctx.stub.getStateByRangeWithPagination('a', 'b', 1, '');
  }

  async page(ctx, startKey, endKey, size, bookmark) {
    const { iterator, metadata } =
      await ctx.stub.getStateByRangeWithPagination(startKey, endKey, Number(size), bookmark);
    const keys = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      keys.push(next.value.key);
    }
    await iterator.close();
    return { keys, metadata };
  }

  /** Keys of `objectType` with two attributes: a colour and a number. */
  async fillComposite(ctx, objectType, color, count) {
    for (let i = 0; i < Number(count); ++i) {
      const key = ctx.stub.createCompositeKey(objectType, [color, String(i).padStart(3, '0')]);
      await ctx.stub.putState(key, Buffer.from(`${i}`));
    }
  }

  async partialComposite(ctx, objectType, attributes) {
    const results = [];
    const found = ctx.stub.getStateByPartialCompositeKey(objectType, JSON.parse(attributes));
    for await (const { key, value } of found) {
      results.push({ ...ctx.stub.splitCompositeKey(key), value: value.toString() });
    }
    return results;
  }

  async partialCompositePage(ctx, objectType, color, size, bookmark) {
    const { iterator, metadata } = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
      objectType, [color], Number(size), bookmark);
    const numbers = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      numbers.push(ctx.stub.splitCompositeKey(next.value.key).attributes[1]);
    }
    await iterator.close();
    return { numbers, metadata };
  }

  /** Returns what the stub knows about the transaction without asking the peer. */
  async context(ctx, _first, _second) {
    const { stub } = ctx;
    const timestamp = stub.getTxTimestamp();
    return {
      txId: stub.getTxID(),
      channelId: stub.getChannelID(),
      functionAndParameters: stub.getFunctionAndParameters(),
      args: stub.getArgs(),
      stringArgs: stub.getStringArgs(),
      bufferArgs: stub.getBufferArgs().map(base64),
      localMspId: stub.getMspID(),
      seconds: timestamp.seconds.toNumber(),
      nanos: timestamp.nanos,
      date: stub.getDateTimestamp().toISOString(),
      binding: stub.getBinding(),
    };
  }

  /** Returns the creator according to the stub, to our own decoding and to the contract API. */
  async client(ctx) {
    const { mspid, idBytes } = ctx.stub.getCreator();
    const identity = recorded(new ClientIdentity(ctx.stub));
    return {
      creator: { mspid, pem: Buffer.from(idBytes).toString() },
      mspId: identity.getMSPID(),
      id: identity.getID(),
      pem: Buffer.from(identity.getIDBytes()).toString(),
      attribute: identity.getAttributeValue('color'),
      hasAttribute: identity.assertAttributeValue('color', 'blue'),
      hasOtherValue: identity.assertAttributeValue('color', 'red'),
      noAttribute: identity.getAttributeValue('hf.role'),
      hasNoAttribute: identity.assertAttributeValue('hf.role', 'client'),
      contextId: ctx.clientIdentity.getID(),
    };
  }

  async signedProposal(ctx) {
    const { proposal, signature } = ctx.stub.getSignedProposal();
    const { signatureHeader, channelHeader } = proposal.header;
    return {
      signature: base64(signature),
      nonce: base64(signatureHeader.nonce),
      creator: base64(signatureHeader.creator_u8),
      type: channelHeader.getType(),
      channelId: channelHeader.getChannelId(),
      txId: channelHeader.getTxId(),
      epoch: channelHeader.getEpoch(),
      binding: ctx.stub.getBinding(),
    };
  }

  async transient(ctx) {
    return [...ctx.stub.getTransient()].map(([key, value]) => [key, value.toString()]);
  }

  /** Returns the errors that the stub reports by itself. */
  async misuse(ctx) {
    const { stub } = ctx;
    const attempts = {
      emptyEvent: () => stub.setEvent('', Buffer.from('x')),
      emptyObjectType: () => stub.createCompositeKey('', ['a']),
      emptyAttribute: () => stub.createCompositeKey('car', ['']),
      compositeRange: () => stub.getStateByRange('\u0000car', ''),
      notComposite: () => { throw new Error(JSON.stringify(stub.splitCompositeKey('simple'))); },
    };
    const texts = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        await attempt();
      } catch (error) {
        texts[name] = error.message;
      }
    }
    return texts;
  }

  async emit(ctx, first, second) {
    for (const name of [first, second]) ctx.stub.setEvent(name, Buffer.from(`about ${name}`));
    await ctx.stub.putState('emitted', Buffer.from(second));
  }

  async writeAndFail(ctx, key, text) {
    await ctx.stub.putState(key, Buffer.from('never stored'));
    throw new Error(text);
  }

  /** Leaves a rejected promise unhandled. */
  async leak() {
    Promise.reject(new Error('nobody handles this'));
  }

  async throwLater() {
    setImmediate(() => { throw new Error('outside of every transaction'); });
  }

  /** Reports to the test that it runs, and never ends. */
  async hold(ctx) {
    console.log(`holding ${ctx.stub.getTxID()}`);
    await new Promise(() => {});
  }

  async processId() {
    return process.pid;
  }
}

module.exports.contracts = [StockContract];
