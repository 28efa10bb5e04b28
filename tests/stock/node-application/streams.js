'use strict';

const { equal } = require('./expect');

const SECONDS_MAX = 20;

/** Returns the result of `promise`, or fails after a deadline. */
async function soon(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} for ${SECONDS_MAX} s`)), SECONDS_MAX * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Receives from an iterator, which must not have ended. */
async function next(iterator) {
  const { done, value } = await soon(iterator.next(), 'nothing was received');
  if (done) throw new Error('the stream has ended');
  return value;
}

/** Has `use` do something with a stream's iterator, and closes the stream. */
async function using(opened, use) {
  const stream = await opened;
  try {
    return await use(stream[Symbol.asyncIterator](), stream);
  } finally {
    stream.close();
  }
}

/** Looks at what a stream has first, and closes it. */
const firstOf = (opened, look) => using(opened, async (iterator) => look(await next(iterator)));

/** Reads an iterator to its end, and returns how many there were and the error with which it ended. */
async function drained(iterator) {
  let count = 0;
  try {
    while (!(await soon(iterator.next(), 'the stream has not ended')).done) ++count;
  } catch (error) {
    return { count, error };
  }
  return { count };
}

const blockIs = (number) => (block) => equal(block.getHeader().getNumber(), number);
const filteredBlockIs = (number) => (block) => equal(block.getNumber(), number);
const blockAndPrivateDataIs = (number) => (block) => blockIs(number)(block.getBlock());

module.exports = {
  blockAndPrivateDataIs, blockIs, drained, filteredBlockIs, firstOf, next, soon, using,
};
