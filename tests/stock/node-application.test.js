'use strict';

// The application on the client library for Node.js, which the bridge serves as a peer would.
const path = require('node:path');

const { performsAll } = require('./support/application');

performsAll('Node.js', process.execPath, [path.join(__dirname, 'node-application/index.js')]);
