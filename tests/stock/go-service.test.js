'use strict';

// The contracts on the stock shim for Go as a service, which the bridge calls, and the commands for it.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { freeAddress } = require('./support/address');
const { BridgedService } = require('./support/bridge');
const { goService } = require('./support/languages');

require('./stories/batch.stories.js')(goService);
require('./stories/go.stories.js')(goService);
require('./stories/interface.stories.js')(goService);
require('./stories/ledger.stories.js')(goService);
require('./stories/liveness.stories.js')(goService);
require('./stories/services.stories.js')(goService);
require('./stories/state.stories.js')(goService);
require('./stories/transaction.stories.js')(goService);

test('the commands connect it, show it, and disconnect it', async (t) => {
  const service = await BridgedService.start();
  t.after(() => service.stop());
  const address = await freeAddress();
  const packageId = `basic_1.0:${'a'.repeat(64)}`;
  const chaincode = service.spawnGoService('contract', packageId, address);
  t.after(() => chaincode.stop());
  await service.ccbusOfBridge('chaincode', 'connect', 'other', '--address', address, '--package-id', packageId);
  await service.waitForReady('other', 1);
  const shown = JSON.parse((await service.ccbusOfBridge('chaincode', 'services', '--json')).stdout);
  assert.deepEqual(shown.services, [
    { name: 'other', package_id: packageId, processes: [{ address, called: true }] }]);
  assert.match((await service.ccbusOfBridge('chaincode', 'services')).stdout, /^other {2}127\S+ {2}called$/m);
  await service.ccbusOfBridge('chaincode', 'disconnect', 'other');
  await service.waitForReady('other', 0);
  await assert.rejects(
    service.ccbusOfBridge('chaincode', 'disconnect', 'other'),
    { code: 1, stderr: /status 404: no chaincode as a service is called 'other'/ });
  await assert.rejects(
    service.ccbusOfBridge('chaincode', 'connect', 'other', '--address', 'nowhere'),
    { code: 1, stderr: /addresses has 'nowhere', not host:port/ });
});
