'use strict';

const assetTransfer = require('./lib/asset_transfer_ledger_chaincode');

module.exports.contracts = [assetTransfer];
