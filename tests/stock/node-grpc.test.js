'use strict';

// The contracts on the stock shim for Node.js without this project's package, on the bridge. Its commands start
// contracts alone, and so not the chaincode below the contract API.
const { nodeByGrpc, nodeService } = require('./support/languages');

for (const language of [nodeByGrpc, nodeService]) {
  require('./stories/ledger.stories.js')(language);
  require('./stories/liveness.stories.js')(language);
  require('./stories/state.stories.js')(language);
  require('./stories/transaction.stories.js')(language);
}
