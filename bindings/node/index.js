'use strict';

const { start } = require('./lib/start');

module.exports = { start };
