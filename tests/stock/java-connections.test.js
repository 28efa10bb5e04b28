'use strict';

// What becomes of chaincode on the stock shim for Java when the bridge, the service or it itself goes away. Apart from
// java.test.js, whose agent makes each start longer.
const { java } = require('./support/languages');

require('./stories/clients.stories.js')(java);
require('./stories/liveness.stories.js')(java);
require('./stories/tls.stories.js')(java);
