'use strict';

// The contracts on the stock shim and contract API for Java, connected to the bridge; and that the stories call
// every function that the shim offers.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');

const { javaProgram } = require('./support/java');
const { java } = require('./support/languages');

// An agent of the JVM writes here, at the end of each process, what of the shim has run.
const folder = mkdtempSync(path.join(tmpdir(), 'ccbus-shim-calls-'));
const calls = path.join(folder, 'calls');
const coverage = path.join(javaProgram('contract'), 'coverage');
process.env.STOCK_JAVA_OPTIONS =
  `-javaagent:${coverage}/agent.jar=destfile=${calls},append=true,includes=org.hyperledger.fabric.*`;

after(() => rmSync(folder, { recursive: true }));

require('./stories/interface.stories.js')(java);
require('./stories/java.stories.js')(java);
require('./stories/ledger.stories.js')(java);
require('./stories/state.stories.js')(java);
require('./stories/transaction.stories.js')(java);

// Where the shim has what it offers to a chaincode.
const OFFERING = new RegExp(`/(?:${[
  'ChaincodeStub', 'InvocationStubImpl', 'ClientIdentity', 'CompositeKey', 'StateBasedEndorsementImpl', 'KeyValueImpl',
  'KeyModificationImpl', 'QueryResultsIteratorImpl', 'QueryResultsIteratorWithMetadataImpl',
].join('|')})$`);
const OF_ALL_OBJECTS = /^(equals|hashCode|toString|lambda\$.*|&lt;clinit&gt;)$/;

/** Which functions of these classes there are, each with whether it has run. */
function functionsOf(report) {
  return [...report.matchAll(/<class name="([^"]+)"[^>]*>(.*?)<\/class>/gs)]
    .filter(([, name]) => OFFERING.test(name))
    .flatMap(([, name, methods]) =>
      [...methods.matchAll(/<method name="([^"]+)" desc="([^"]+)".*?type="METHOD" missed="(\d)"/gs)]
        .filter(([, method]) => !OF_ALL_OBJECTS.test(method))
        .map(([, method, type, missed]) => ({ name: `${name}.${method}${type}`, called: missed === '0' })));
}

test('the stories call every function of the stock shim', () => {
  const lib = path.join(javaProgram('contract'), 'lib');
  const shim = readdirSync(lib).find((each) => each.startsWith('fabric-chaincode-shim'));
  const xml = path.join(folder, 'report.xml');
  execFileSync(process.env.JAVA ?? 'java', [
    '-jar', `${coverage}/cli.jar`, 'report', calls, '--xml', xml,
    '--classfiles', path.join(lib, shim),
  ], { stdio: 'pipe' });
  const offered = functionsOf(readFileSync(xml, 'utf8'));
  assert.ok(offered.length > 70, `${offered.length} functions`);
  assert.deepEqual(offered.filter(({ called }) => !called).map(({ name }) => name), []);
});
