'use strict';

// The application on the client library for Go, which the bridge serves as a peer would.
const { performsAll } = require('./support/application');
const { goProgram } = require('./support/bridge');

performsAll('Go', goProgram('application'));
