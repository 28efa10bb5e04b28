'use strict';

const { node } = require('./support/languages');

require('./stories/interface.stories.js')(node);
require('./stories/liveness.stories.js')(node);
require('./stories/node.stories.js')(node);
