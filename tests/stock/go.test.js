'use strict';

// The contracts on the stock shim and contract API for Go, connected to the bridge; and that the
// stories call every function that the shim offers.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');

const { go } = require('./support/languages');

// The contract is built with -cover: it writes here, at its end, how often each part of the shim ran.
process.env.GOCOVERDIR = mkdtempSync(path.join(tmpdir(), 'ccbus-shim-calls-'));

after(() => rmSync(process.env.GOCOVERDIR, { recursive: true }));

require('./stories/batch.stories.js')(go);
require('./stories/clients.stories.js')(go);
require('./stories/go.stories.js')(go);
require('./stories/interface.stories.js')(go);
require('./stories/ledger.stories.js')(go);
require('./stories/liveness.stories.js')(go);
require('./stories/state.stories.js')(go);
require('./stories/transaction.stories.js')(go);

// Where the shim has what it offers to a chaincode; no idemix identity calls the rest of cid.go.
const OFFERING = /\/(stub|batch|statebasedimpl|cid)\.go:\d+:\s+(?:\S+\.)?([A-Z]\w*)\s+([\d.]+)%$/;

test('the stories call every function of the stock shim', () => {
  const printed = execFileSync(
    process.env.GO ?? 'go', ['tool', 'covdata', 'func', '-i', process.env.GOCOVERDIR], { encoding: 'utf8' });
  const offered = printed.split('\n').map((line) => OFFERING.exec(line)).filter(Boolean);
  assert.ok(offered.length > 70, printed);
  const notCalled = offered.filter(([, , , percent]) => percent === '0.0');
  assert.deepEqual(notCalled.map(([line]) => line), []);
});
