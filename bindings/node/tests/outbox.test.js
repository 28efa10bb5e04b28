'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { Outbox } = require('../lib/outbox');

/** A socket whose sends wait until the test releases them, and which counts the waiting sends. */
class StoppedSocket {
  sent = [];
  #waiting = [];

  send(frame) {
    this.sent.push(frame.toString());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  get waiting() {
    return this.#waiting.length;
  }

  async letGo() {
    this.#waiting.shift().resolve();
    await new Promise(setImmediate);
  }

  async refuse(error) {
    this.#waiting.shift().reject(error);
    await new Promise(setImmediate);
  }
}

const never = (error) => assert.fail(error);

test('frames go out one at a time, in order', async () => {
  const socket = new StoppedSocket();
  const outbox = new Outbox(socket, never);
  for (const frame of ['a', 'b', 'c']) outbox.put(Buffer.from(frame));
  assert.deepEqual(socket.sent, ['a']);
  await socket.letGo();
  assert.deepEqual(socket.sent, ['a', 'b']);
  assert.equal(socket.waiting, 1);
  await socket.letGo();
  await socket.letGo();
  assert.deepEqual(socket.sent, ['a', 'b', 'c']);

  outbox.put(Buffer.from('d'));
  assert.deepEqual(socket.sent, ['a', 'b', 'c', 'd']);
});

test('a peer that does not read is noticed at ten thousand messages', () => {
  const outbox = new Outbox(new StoppedSocket(), never);
  for (let i = 0; i < 10001; ++i) outbox.put(Buffer.from('x')); // One of them is being sent.
  assert.throws(() => outbox.put(Buffer.from('x')), /does not read: 10000 messages/);
});

test('a peer that does not read is noticed at 256 MiB', () => {
  const outbox = new Outbox(new StoppedSocket(), never);
  const frame = Buffer.alloc(64 * 1024 * 1024);
  for (let i = 0; i < 5; ++i) outbox.put(frame); // One of them is being sent.
  assert.throws(() => outbox.put(Buffer.from('x')), RangeError);
});

test('nothing is sent after a frame that the socket refused', async () => {
  const socket = new StoppedSocket();
  const failures = [];
  const outbox = new Outbox(socket, (error) => failures.push(error.message));
  outbox.put(Buffer.from('a'));
  outbox.put(Buffer.from('b'));
  await socket.refuse(new Error('closed'));
  assert.deepEqual(failures, ['closed']);
  outbox.put(Buffer.from('c'));
  assert.deepEqual(socket.sent, ['a']);
});
