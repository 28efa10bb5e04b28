'use strict';

const { go } = require('./support/languages');

require('./stories/tls.stories.js')(go);
