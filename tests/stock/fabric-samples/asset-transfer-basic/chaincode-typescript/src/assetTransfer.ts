import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { Asset } from './asset';

@Info({ title: 'AssetTransfer', description: 'Assets with an owner' })
export class AssetTransferContract extends Contract {
  constructor() {
    super('AssetTransferContract');
  }

  @Transaction()
  @Param('asset', 'Asset', 'the new asset')
  async CreateAsset(ctx: Context, asset: Asset): Promise<void> {
    if (await this.AssetExists(ctx, asset.ID)) throw new Error(`asset ${asset.ID} exists`);
    await ctx.stub.putState(asset.ID, Buffer.from(JSON.stringify(asset)));
  }

  @Transaction(false)
  @Returns('Asset')
  async ReadAsset(ctx: Context, id: string): Promise<Asset> {
    const stored = await ctx.stub.getState(id);
    if (stored.length === 0) throw new Error(`asset ${id} does not exist`);
    return globalThis.Object.assign(new Asset(), JSON.parse(Buffer.from(stored).toString()));
  }

  @Transaction(false)
  @Returns('boolean')
  async AssetExists(ctx: Context, id: string): Promise<boolean> {
    return (await ctx.stub.getState(id)).length > 0;
  }
}
