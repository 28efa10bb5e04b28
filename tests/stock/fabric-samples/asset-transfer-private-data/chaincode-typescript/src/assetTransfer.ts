import { Context, Contract, Info, Returns, Transaction } from 'fabric-contract-api';

const ASSETS = 'assetCollection';

interface Properties {
  objectType: string;
  assetID: string;
  color: string;
  size: number;
  appraisedValue: number;
}

@Info({ title: 'AssetTransfer', description: 'Assets whose value is private' })
export class AssetTransfer extends Contract {
  @Transaction()
  async CreateAsset(ctx: Context): Promise<void> {
    const given = ctx.stub.getTransient().get('asset_properties');
    if (!given) throw new Error('asset_properties is missing in the transient data');
    const { appraisedValue, ...visible } = JSON.parse(Buffer.from(given).toString()) as Properties;
    const id = visible.assetID;
    if ((await ctx.stub.getPrivateData(ASSETS, id)).length > 0) throw new Error(`asset ${id} exists`);
    this.checkOrganisation(ctx);
    const asset = { ...visible, owner: ctx.clientIdentity.getID() };
    await ctx.stub.putPrivateData(ASSETS, id, Buffer.from(JSON.stringify(asset)));
    const details = Buffer.from(JSON.stringify({ assetID: id, appraisedValue }));
    await ctx.stub.putPrivateData(this.collectionOf(ctx), id, details);
    ctx.stub.setEvent('CreateAsset', Buffer.from(id));
  }

  @Transaction(false)
  @Returns('string')
  async ReadAsset(ctx: Context, id: string): Promise<string> {
    return this.read(ctx, ASSETS, id);
  }

  @Transaction(false)
  @Returns('string')
  async ReadAssetPrivateDetails(ctx: Context, collection: string, id: string): Promise<string> {
    return this.read(ctx, collection, id);
  }

  private async read(ctx: Context, collection: string, id: string): Promise<string> {
    const stored = await ctx.stub.getPrivateData(collection, id);
    if (stored.length === 0) throw new Error(`asset ${id} does not exist in ${collection}`);
    return Buffer.from(stored).toString();
  }

  private collectionOf(ctx: Context): string {
    return `${ctx.clientIdentity.getMSPID()}PrivateCollection`;
  }

  private checkOrganisation(ctx: Context): void {
    const client = ctx.clientIdentity.getMSPID();
    const peer = ctx.stub.getMspID();
    if (client !== peer) throw new Error(`a client of ${client} may not write at a peer of ${peer}`);
  }
}
