'use strict';

process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'critical'; // cli.test.js tests the log.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { start } = require('..');
const { within } = require('./support/deadline');
const { ScriptedRouter, Type, freeEndpoint, message, peer } = require('./support/scripted-router');

/** @param {(stub) => Promise<object>} invoke */
const chaincodeOf = (invoke) => ({ Init: invoke, Invoke: invoke });
const succeeding = chaincodeOf(async () => ({ status: 200, payload: Buffer.from('done') }));

async function started(t, chaincode = succeeding, options = {}) {
  const router = await ScriptedRouter.listen(options.peerAddress);
  const connection = start(chaincode, {
    peerAddress: router.endpoint,
    chaincodeId: 'basic:1.0',
    ...options,
  });
  t.after(() => {
    connection.stop();
    router.close();
  });
  return router;
}

function transaction(txid) {
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from('go')]);
  return message(Type.TRANSACTION, { payload: input.serializeBinary(), txid, channelId: 'ch1' });
}

function responseOf(completed) {
  assert.equal(completed.getType(), Type.COMPLETED);
  return peer.Response.deserializeBinary(completed.getPayload_asU8());
}

async function nextOf(router, type) {
  const { from, message: received } = await router.receive();
  assert.equal(received.getType(), type);
  return { from, received };
}

test('it registers its chaincode id, and answers a transaction', async (t) => {
  const router = await started(t);
  const { from, message: register } = await router.admit();
  assert.equal(register.getType(), Type.REGISTER);
  const id = peer.ChaincodeID.deserializeBinary(register.getPayload_asU8());
  assert.equal(id.getName(), 'basic:1.0');

  await router.send(from, transaction('tx1'));
  const { received } = await nextOf(router, Type.COMPLETED);
  assert.equal(received.getTxid(), 'tx1');
  assert.equal(received.getChannelId(), 'ch1');
  assert.equal(responseOf(received).getStatus(), 200);
  assert.equal(Buffer.from(responseOf(received).getPayload_asU8()).toString(), 'done');
});

test("a refused registration is tried again after a second, on a new connection", async (t) => {
  const router = await started(t);
  const first = await router.receive();
  const refused = process.hrtime.bigint();
  await router.send(first.from, message(Type.ERROR, { payload: 'the name is taken' }));
  await router.end(first.from);

  const second = await nextOf(router, Type.REGISTER);
  const waitedMs = Number(process.hrtime.bigint() - refused) / 1e6;
  assert.notDeepEqual(second.from, first.from);
  assert.ok(waitedMs > 950, `${waitedMs} ms`);
});

test('after the end of its stream it registers again on a new connection', async (t) => {
  const router = await started(t);
  const first = await router.admit();
  await router.end(first.from);

  const second = await router.admit();
  assert.notDeepEqual(second.from, first.from);
  await router.send(second.from, transaction('tx2'));
  assert.equal((await nextOf(router, Type.COMPLETED)).received.getTxid(), 'tx2');
});

test('after a restart of the peer it registers again', async (t) => {
  const endpoint = freeEndpoint();
  const before = await started(t, succeeding, { peerAddress: endpoint });
  await before.admit();
  before.close();

  const after = await ScriptedRouter.listen(endpoint);
  t.after(() => after.close());
  const { from } = await after.admit();
  await after.send(from, transaction('tx3'));
  assert.equal((await nextOf(after, Type.COMPLETED)).received.getTxid(), 'tx3');
});

test('a peer that starts later is found', async (t) => {
  const endpoint = freeEndpoint();
  const connection = start(succeeding, { peerAddress: endpoint, chaincodeId: 'basic' });
  t.after(() => connection.stop());

  const router = await ScriptedRouter.listen(endpoint);
  t.after(() => router.close());
  await router.admit();
});

test('a peer that does not answer is asked again on a new connection', async (t) => {
  const router = await started(t, succeeding, { answerMs: 200 });
  const first = await nextOf(router, Type.REGISTER);
  const ending = await router.receiveFrames();
  assert.deepEqual(ending, { from: first.from, frames: [Buffer.alloc(0)] });
  assert.notDeepEqual((await nextOf(router, Type.REGISTER)).from, first.from);
});

test('a message out of order ends the stream, and it registers again', async (t) => {
  const router = await started(t);
  const first = await nextOf(router, Type.REGISTER);
  await router.send(first.from, message(Type.READY));
  assert.deepEqual((await router.receiveFrames()).frames, [Buffer.alloc(0)]);
  assert.notDeepEqual((await nextOf(router, Type.REGISTER)).from, first.from);
});

test('a transaction that is running when the stream ends fails in the chaincode', async (t) => {
  let failure;
  const failed = new Promise((resolve) => { failure = resolve; });
  const router = await started(t, chaincodeOf(async (stub) => {
    await stub.getState('k').catch((error) => failure(error.message));
    await stub.putState('k', Buffer.from('v')); // Fails as well: the stream has ended.
  }));
  const { from } = await router.admit();
  await router.send(from, transaction('tx4'));
  await nextOf(router, Type.GET_STATE);
  await router.end(from);
  assert.equal(await within(failed, 'the failed stub call'), 'chaincode stream terminated');
  await router.admit();
});

test('an Invoke that rejects is a failed transaction with its text', async (t) => {
  const router = await started(t, chaincodeOf(async () => { throw new Error('out of paint'); }));
  const { from } = await router.admit();
  await router.send(from, transaction('tx5'));
  const response = responseOf((await nextOf(router, Type.COMPLETED)).received);
  assert.equal(response.getStatus(), 500);
  assert.equal(response.getMessage(), 'out of paint');
});

test('requests of one transaction go out one at a time, those of two do not wait', async (t) => {
  const router = await started(t, chaincodeOf(async (stub) => {
    const values = await Promise.all(['a', 'b'].map((key) => stub.getState(key)));
    return { status: 200, payload: Buffer.concat(values) };
  }));
  const { from } = await router.admit();
  await router.send(from, transaction('tx6'));
  await router.send(from, transaction('tx7'));
  const asked = [await nextOf(router, Type.GET_STATE), await nextOf(router, Type.GET_STATE)];
  assert.deepEqual(asked.map(({ received }) => received.getTxid()).sort(), ['tx6', 'tx7']);

  const answer = (payload) =>
    router.send(from, message(Type.RESPONSE, { payload, txid: 'tx6', channelId: 'ch1' }));
  await answer('one,');
  assert.equal((await nextOf(router, Type.GET_STATE)).received.getTxid(), 'tx6');
  await answer('two');
  const { received } = await nextOf(router, Type.COMPLETED);
  assert.equal(Buffer.from(responseOf(received).getPayload_asU8()).toString(), 'one,two');
});

test('what has no Init and Invoke is no chaincode', () => {
  const options = { peerAddress: '127.0.0.1:7052', chaincodeId: 'basic' };
  assert.throws(() => start({}, options), /Init and Invoke/);
  assert.throws(() => start(undefined, options), /Init and Invoke/);
});

// [row-203]
test("READY's MSP id becomes CORE_PEER_LOCALMSPID, unless that is set", async (t) => {
  const stubMspId = chaincodeOf(async (stub) => ({ status: 200, payload: Buffer.from(stub.getMspID()) }));
  const readyOf = (mspId) => message(Type.READY, {
    // ChaincodeAdditionalParams: use_write_batch, and local_msp_id in field 1001.
    payload: Buffer.concat([Buffer.from([0x08, 0x01, 0xca, 0x3e, mspId.length]), Buffer.from(mspId)]),
  });
  const saved = process.env.CORE_PEER_LOCALMSPID;
  t.after(() => {
    delete process.env.CORE_PEER_LOCALMSPID;
    if (saved !== undefined) process.env.CORE_PEER_LOCALMSPID = saved;
  });
  async function tell(mspId) {
    const router = await started(t, stubMspId);
    const { from } = await nextOf(router, Type.REGISTER);
    await router.send(from, message(Type.REGISTERED));
    await router.send(from, readyOf(mspId));
    await router.send(from, transaction('tx8'));
    const { received } = await nextOf(router, Type.COMPLETED);
    return Buffer.from(responseOf(received).getPayload_asU8()).toString();
  }
  delete process.env.CORE_PEER_LOCALMSPID;
  assert.equal(await tell('Org1MSP'), 'Org1MSP');
  process.env.CORE_PEER_LOCALMSPID = 'SetMSP';
  assert.equal(await tell('Org2MSP'), 'SetMSP');
});

// [row-208]
test('an event that cannot be encoded fails its transaction, with the reason', async (t) => {
  const router = await started(t, chaincodeOf(async (stub) => {
    stub.setEvent('painted', { not: 'bytes' });
    return { status: 200 };
  }));
  const { from } = await router.admit();
  await router.send(from, transaction('tx9'));
  const { received } = await nextOf(router, Type.ERROR);
  assert.equal(received.getTxid(), 'tx9');
  assert.match(
    Buffer.from(received.getPayload_asU8()).toString(), /response or its event cannot be encoded/);
});

// [row-208]
test('a request that cannot be encoded fails in the chaincode, with the reason', async (t) => {
  const router = await started(t, chaincodeOf(async (stub) => {
    await stub.putState('k', { not: 'bytes' });
    return { status: 200 };
  }));
  const { from } = await router.admit();
  await router.send(from, transaction('tx10'));
  const { received } = await nextOf(router, Type.COMPLETED);
  assert.equal(responseOf(received).getStatus(), 500);
  assert.notEqual(responseOf(received).getMessage(), '');
});
