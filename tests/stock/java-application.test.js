'use strict';

// The application on the client library for Java, which the bridge serves as a peer would.
const { performsAll } = require('./support/application');
const { javaCommand } = require('./support/java');

const { command, args } = javaCommand('application');
performsAll('Java', command, args);
