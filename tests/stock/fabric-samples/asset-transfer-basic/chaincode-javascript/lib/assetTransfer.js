'use strict';

const { Contract } = require('fabric-contract-api');

const INITIAL = [
  { ID: 'asset1', Color: 'blue', Size: 5, Owner: 'Tomoko', AppraisedValue: 300 },
  { ID: 'asset2', Color: 'red', Size: 5, Owner: 'Brad', AppraisedValue: 400 },
];

class AssetTransfer extends Contract {
  async InitLedger(ctx) {
    for (const asset of INITIAL) await this.#put(ctx, { docType: 'asset', ...asset });
  }

  async CreateAsset(ctx, id, color, size, owner, appraisedValue) {
    if (await this.AssetExists(ctx, id)) throw new Error(`asset ${id} exists`);
    const asset = {
      ID: id, Color: color, Size: Number(size), Owner: owner, AppraisedValue: Number(appraisedValue),
    };
    await this.#put(ctx, asset);
    return asset;
  }

  async ReadAsset(ctx, id) {
    const stored = await ctx.stub.getState(id);
    if (stored.length === 0) throw new Error(`asset ${id} does not exist`);
    return stored.toString();
  }

  async AssetExists(ctx, id) {
    return (await ctx.stub.getState(id)).length > 0;
  }

  async TransferAsset(ctx, id, newOwner) {
    const asset = JSON.parse(await this.ReadAsset(ctx, id));
    const oldOwner = asset.Owner;
    await this.#put(ctx, { ...asset, Owner: newOwner });
    return oldOwner;
  }

  async GetAllAssets(ctx) {
    const all = [];
    for await (const { value } of ctx.stub.getStateByRange('', '')) {
      all.push(JSON.parse(Buffer.from(value).toString()));
    }
    return JSON.stringify(all);
  }

  #put(ctx, asset) {
    return ctx.stub.putState(asset.ID, Buffer.from(JSON.stringify(asset)));
  }
}

module.exports = AssetTransfer;
