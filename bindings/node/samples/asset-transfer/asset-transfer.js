'use strict';

const { Contract } = require('fabric-contract-api');

function parseNumber(text, field) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || text.trim() === '') {
    throw new Error(`${field} must be a whole number, not '${text}'`);
  }
  return number;
}

function parseAsset(id, color, size, owner, appraisedValue) {
  return {
    ID: id,
    Color: color,
    Size: parseNumber(size, 'Size'),
    Owner: owner,
    AppraisedValue: parseNumber(appraisedValue, 'AppraisedValue'),
  };
}

/** The keys in alphabetical order, so that every peer writes the same bytes. */
function toJson({ AppraisedValue, Color, ID, Owner, Size }) {
  return JSON.stringify({ AppraisedValue, Color, ID, Owner, Size });
}

/** Returns the stored JSON. */
async function store(ctx, asset) {
  const json = toJson(asset);
  await ctx.stub.putState(asset.ID, Buffer.from(json));
  return json;
}

async function exists(ctx, id) {
  return (await ctx.stub.getState(id)).length > 0;
}

async function load(ctx, id) {
  const stored = await ctx.stub.getState(id);
  if (stored.length === 0) throw new Error(`there is no asset ${id}`);
  return JSON.parse(stored.toString());
}

/** Assets that have an owner and can be transferred: one JSON object for each, under its id. */
class AssetTransfer extends Contract {
  async InitLedger(ctx) {
    const assets = [
      { ID: 'asset1', Color: 'blue', Size: 5, Owner: 'Tomoko', AppraisedValue: 300 },
      { ID: 'asset2', Color: 'red', Size: 5, Owner: 'Brad', AppraisedValue: 400 },
      { ID: 'asset3', Color: 'green', Size: 10, Owner: 'Jin Soo', AppraisedValue: 500 },
      { ID: 'asset4', Color: 'yellow', Size: 10, Owner: 'Max', AppraisedValue: 600 },
      { ID: 'asset5', Color: 'black', Size: 15, Owner: 'Adriana', AppraisedValue: 700 },
      { ID: 'asset6', Color: 'white', Size: 15, Owner: 'Michel', AppraisedValue: 800 },
    ];
    for (const asset of assets) await store(ctx, asset);
  }

  async CreateAsset(ctx, id, color, size, owner, appraisedValue) {
    const asset = parseAsset(id, color, size, owner, appraisedValue);
    if (await exists(ctx, id)) throw new Error(`there is an asset ${id} already`);
    return store(ctx, asset);
  }

  async ReadAsset(ctx, id) {
    return toJson(await load(ctx, id));
  }

  async UpdateAsset(ctx, id, color, size, owner, appraisedValue) {
    const asset = parseAsset(id, color, size, owner, appraisedValue);
    if (!(await exists(ctx, id))) throw new Error(`there is no asset ${id}`);
    return store(ctx, asset);
  }

  async DeleteAsset(ctx, id) {
    if (!(await exists(ctx, id))) throw new Error(`there is no asset ${id}`);
    await ctx.stub.deleteState(id);
  }

  /** Returns the old owner. */
  async TransferAsset(ctx, id, newOwner) {
    const asset = await load(ctx, id);
    await store(ctx, { ...asset, Owner: newOwner });
    return asset.Owner;
  }

  async AssetExists(ctx, id) {
    return exists(ctx, id);
  }

  async GetAllAssets(ctx) {
    const assets = [];
    for await (const { value } of ctx.stub.getStateByRange('', '')) assets.push(value.toString());
    return `[${assets.join(',')}]`;
  }
}

module.exports = AssetTransfer;
