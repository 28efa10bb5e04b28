'use strict';

const { Contract } = require('fabric-contract-api');

class AssetTransferEvents extends Contract {
  async CreateAsset(ctx, id, color, size, owner, appraisedValue) {
    const asset = { ID: id, Color: color, Size: size, Owner: owner, AppraisedValue: appraisedValue };
    const encoded = Buffer.from(JSON.stringify(asset));
    const properties = ctx.stub.getTransient().get('asset_properties');
    if (properties) {
      await ctx.stub.putPrivateData(`_implicit_org_${ctx.stub.getMspID()}`, id, Buffer.from(properties));
    }
    await ctx.stub.putState(id, encoded);
    ctx.stub.setEvent('CreateAsset', encoded);
  }

  async ReadAsset(ctx, id) {
    const asset = JSON.parse(Buffer.from(await ctx.stub.getState(id)).toString());
    const collection = `_implicit_org_${ctx.stub.getMspID()}`;
    const properties = await ctx.stub.getPrivateData(collection, id);
    if (properties.length > 0) {
      asset.asset_properties = JSON.parse(Buffer.from(properties).toString());
    }
    return JSON.stringify(asset);
  }
}

module.exports = AssetTransferEvents;
