'use strict';

const { Contract } = require('fabric-contract-api');

const textOf = (value) => Buffer.from(value).toString();

class AssetLedger extends Contract {
  async CreateAsset(ctx, assetID, color, size, owner, appraisedValue) {
    const asset = { docType: 'asset', assetID, color, size: Number(size), owner, appraisedValue };
    await ctx.stub.putState(assetID, Buffer.from(JSON.stringify(asset)));
    const byColor = ctx.stub.createCompositeKey('color~name', [color, assetID]);
    await ctx.stub.putState(byColor, Buffer.from('\u0000'));
  }

  async TransferAsset(ctx, assetID, newOwner) {
    const asset = JSON.parse(textOf(await ctx.stub.getState(assetID)));
    await ctx.stub.putState(assetID, Buffer.from(JSON.stringify({ ...asset, owner: newOwner })));
  }

  async TransferAssetByColor(ctx, color, newOwner) {
    const keys = [];
    for await (const { key } of ctx.stub.getStateByPartialCompositeKey('color~name', [color])) {
      keys.push(ctx.stub.splitCompositeKey(key).attributes[1]);
    }
    for (const key of keys) await this.TransferAsset(ctx, key, newOwner);
    return keys.length;
  }

  async QueryAssetsByOwner(ctx, owner) {
    return this.QueryAssets(ctx, JSON.stringify({
      selector: { docType: 'asset', owner }, use_index: ['_design/indexOwnerDoc', 'indexOwner'],
    }));
  }

  async QueryAssets(ctx, query) {
    const found = [];
    for await (const { key, value } of ctx.stub.getQueryResult(query)) {
      found.push({ Key: key, Record: JSON.parse(textOf(value)) });
    }
    return JSON.stringify(found);
  }

  async GetAssetHistory(ctx, assetID) {
    const changes = [];
    for await (const { txId, value } of ctx.stub.getHistoryForKey(assetID)) {
      changes.push({ TxId: txId, Value: JSON.parse(textOf(value)) });
    }
    return JSON.stringify(changes);
  }
}

module.exports = AssetLedger;
