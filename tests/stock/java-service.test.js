'use strict';

// The contracts on the stock shim and contract API for Java as a service, which the bridge calls.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { javaService } = require('./support/languages');

require('./stories/interface.stories.js')(javaService);
require('./stories/java.stories.js')(javaService);
require('./stories/ledger.stories.js')(javaService);
require('./stories/liveness.stories.js')(javaService);
require('./stories/services.stories.js')(javaService);
require('./stories/state.stories.js')(javaService);
require('./stories/transaction.stories.js')(javaService);

// The shim asks for the end of each connection that is older than five seconds, without ending its call.
test('a connection that is to end carries the call on', async (t) => {
  const service = await javaService.start();
  t.after(() => service.stop());
  const chaincode = await service.startContract('contract', 'basic', { env: { CONNECTION_AGE_SECONDS: '1' } });
  t.after(() => chaincode.stop());
  const calls = () => service.bridge.output.match(/chaincode\.called/g)?.length ?? 0;
  const before = calls();
  for (const until = Date.now() + 3000; Date.now() < until;) {
    assert.equal(await service.run(['processId']), `${chaincode.pid}`);
  }
  assert.equal(calls(), before);
});
