'use strict';

const assetTransferEvents = require('./lib/assetTransferEvents');

module.exports.contracts = [assetTransferEvents];
