'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { DealerStream } = require('../lib/dealer-stream');
const { next, within } = require('./support/deadline');
const { ScriptedRouter, Type, freeEndpoint, message, messages } = require('./support/scripted-router');

/** A stream that a router has admitted, and what the stream emitted. */
async function admitted(t) {
  const router = await ScriptedRouter.listen();
  const stream = new DealerStream(router.endpoint, messages);
  const emitted = [];
  stream.on('data', (data) => emitted.push(data));
  const ready = next(stream, 'ready');
  stream.write(message(Type.REGISTER));
  const { from } = await router.admit();
  await ready;
  emitted.length = 0;
  t.after(() => {
    stream.end();
    router.close();
  });
  return { router, stream, from, emitted };
}

test('messages arrive in the order in which they were written, both ways', async (t) => {
  const { router, stream, from, emitted } = await admitted(t);
  const count = 5000;
  for (let i = 0; i < count; ++i) stream.write(message(Type.GET_STATE, { txid: `${i}` }));
  for (let i = 0; i < count; ++i) assert.equal((await router.receive()).message.getTxid(), `${i}`);

  const all = within(
    new Promise((resolve) => stream.on('data', () => emitted.length === count && resolve())),
    'all answers');
  for (let i = 0; i < count; ++i) await router.send(from, message(Type.RESPONSE, { txid: `${i}` }));
  await all;
  emitted.forEach((data, i) => assert.equal(data.getTxid(), `${i}`));
});

test('KEEPALIVE is sent back as it is, and the handler never sees it', async (t) => {
  const { router, from, emitted } = await admitted(t);
  const keepalive = message(Type.KEEPALIVE, { payload: 'still there?' });
  await router.send(from, keepalive);
  const { frames } = await router.receiveFrames();
  assert.deepEqual(frames, [Buffer.from(keepalive.serializeBinary())]);
  assert.deepEqual(emitted, []);
});

test('KEEPALIVE is answered before READY, too', async (t) => {
  const router = await ScriptedRouter.listen();
  const stream = new DealerStream(router.endpoint, messages);
  t.after(() => {
    stream.end();
    router.close();
  });
  stream.write(message(Type.REGISTER));
  const { from } = await router.receive();
  await router.send(from, message(Type.KEEPALIVE));
  assert.equal((await router.receive()).message.getType(), Type.KEEPALIVE);
});

test("the peer's empty frame ends the stream, once", async (t) => {
  const { router, stream, from } = await admitted(t);
  let ends = 0;
  stream.on('end', () => ++ends);
  const end = next(stream, 'end');
  await router.end(from);
  assert.deepEqual(await end, ['the peer ended the stream']);
  stream.end();
  assert.equal(ends, 1);
});

test('ending the stream tells the peer by an empty frame', async (t) => {
  const { router, stream } = await admitted(t);
  stream.end();
  assert.deepEqual((await router.receiveFrames()).frames, [Buffer.alloc(0)]);
});

test('a connection that is lost ends the stream', async (t) => {
  const { router, stream } = await admitted(t);
  const end = next(stream, 'end');
  router.close();
  assert.deepEqual(await end, ['the connection was lost']);
});

test('a peer that is not there ends the stream', async () => {
  const stream = new DealerStream(freeEndpoint(), messages);
  assert.deepEqual(await next(stream, 'end'), ['the peer cannot be reached']);
});

test('an endpoint that ZeroMQ does not know is an exception', () => {
  assert.throws(() => new DealerStream('carrier-pigeon://7052', messages), /Protocol not supported/);
});

test('bytes that are no message end the stream with a reason, and the peer is told', async (t) => {
  const { router, stream, from } = await admitted(t);
  const end = next(stream, 'end');
  await router.sendFrames(from, Buffer.from([0xff, 0xff, 0xff]));
  assert.match((await end)[0], /3 bytes that are no ChaincodeMessage/);
  assert.deepEqual((await router.receiveFrames()).frames, [Buffer.alloc(0)]);
});

test('a message of two frames ends the stream with a reason', async (t) => {
  const { router, stream, from } = await admitted(t);
  const end = next(stream, 'end');
  await router.sendFrames(from, 'one', 'two');
  assert.match((await end)[0], /a message of 2 frames/);
});

test('what the stock handler says about a message out of order ends the stream', async (t) => {
  const { router, stream } = await admitted(t);
  const end = next(stream, 'end');
  stream.write({ type: Type.ERROR, payload: Buffer.from('cannot handle message') });
  assert.deepEqual(await end, ['cannot handle message']);
  assert.deepEqual((await router.receiveFrames()).frames, [Buffer.alloc(0)]);
});

test('a request that is open at the end of the stream is answered by an ERROR', async (t) => {
  const { router, stream, from, emitted } = await admitted(t);
  stream.write(message(Type.GET_STATE, { channelId: 'ch1', txid: 'open' }));
  stream.write(message(Type.GET_STATE, { channelId: 'ch1', txid: 'answered' }));
  await router.receive();
  await router.receive();
  const answered = next(stream, 'data');
  await router.send(from, message(Type.RESPONSE, { channelId: 'ch1', txid: 'answered' }));
  await answered;
  emitted.length = 0;

  const end = next(stream, 'end');
  await router.end(from);
  await end;
  assert.equal(emitted.length, 1);
  assert.equal(emitted[0].getType(), Type.ERROR);
  assert.equal(emitted[0].getChannelId(), 'ch1');
  assert.equal(emitted[0].getTxid(), 'open');
  assert.equal(Buffer.from(emitted[0].getPayload_asU8()).toString(), 'chaincode stream terminated');
});

test('a request that is written after the end is answered by an ERROR', async (t) => {
  const { stream, emitted } = await admitted(t);
  stream.end();
  const answer = next(stream, 'data');
  stream.write(message(Type.COMPLETED, { txid: 'late' }));
  stream.write(message(Type.PUT_STATE, { txid: 'late' }));
  await answer;
  assert.equal(emitted.length, 1);
  assert.equal(emitted[0].getType(), Type.ERROR);
});
