'use strict';

// Runs the tests of the stock shim, and checks that they call every function that it offers.
const assert = require('node:assert/strict');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');

const { node } = require('./support/languages');

const directory = mkdtempSync(path.join(tmpdir(), 'ccbus-shim-calls-'));
process.env.SHIM_CALLS = path.join(directory, 'calls'); // The chaincodes write it.

after(() => rmSync(directory, { recursive: true }));

require('./stories/ledger.stories.js')(node);
require('./stories/state.stories.js')(node);
require('./stories/transaction.stories.js')(node);

const shim = createRequire(path.join(__dirname, '../../bindings/node/package.json'))('fabric-shim');
const OFFERED = [
  shim.ChaincodeStub, shim.StateQueryIterator, shim.HistoryQueryIterator, shim.ClientIdentity,
  shim.KeyEndorsementPolicy,
];

/** Returns the public functions of a class, including inherited ones. */
function functionsOf({ name, prototype }) {
  const names = new Set();
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const each of Object.getOwnPropertyNames(at)) names.add(each);
  }
  return [...names]
    .filter((each) => each !== 'constructor' && !each.startsWith('_'))
    .map((each) => `${name}.${each}`);
}

test('the stories call every function of the stock shim', () => {
  const offered = OFFERED.flatMap(functionsOf);
  assert.ok(offered.length > 40, `${offered.length} functions`);
  const called = new Set(readFileSync(process.env.SHIM_CALLS, 'utf8').split('\n'));
  assert.deepEqual(offered.filter((each) => !called.has(each)), []);
});
