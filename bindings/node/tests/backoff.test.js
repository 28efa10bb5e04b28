'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { Backoff } = require('../lib/backoff');

test('the waits double up to the longest, and start again after a success', () => {
  const backoff = new Backoff(50, 300, () => 0);
  assert.deepEqual([1, 2, 3, 4, 5].map(() => backoff.next()), [50, 100, 200, 300, 300]);
  backoff.reset();
  assert.equal(backoff.next(), 50);
});

test('chance shortens a wait by up to a half', () => {
  assert.equal(new Backoff(50, 300, () => 0.5).next(), 37.5);
  assert.equal(new Backoff(50, 300, () => 1).next(), 25);
});
