package org.hyperledger.fabric.samples.assettransfer;

import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Info;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ledger.KeyValue;

/** Keeps assets by their ids. */
@Contract(name = "basic", info = @Info(title = "Asset Transfer", version = "1.0.0"))
@Default
public final class AssetTransfer implements ContractInterface {
    /** Writes the first assets. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void InitLedger(final Context ctx) {
        put(ctx, new Asset("asset1", "blue", 5, "Tomoko", 300));
        put(ctx, new Asset("asset2", "red", 5, "Brad", 400));
    }

    /** Fails if there is an asset with this id. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public Asset CreateAsset(
            final Context ctx, final String assetID, final String color, final int size, final String owner,
            final int appraisedValue) {
        if (AssetExists(ctx, assetID)) {
            throw new ChaincodeException("the asset " + assetID + " already exists", "ASSET_ALREADY_EXISTS");
        }
        return put(ctx, new Asset(assetID, color, size, owner, appraisedValue));
    }

    /** Fails if there is no such asset. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public Asset ReadAsset(final Context ctx, final String assetID) {
        String stored = ctx.getStub().getStringState(assetID);
        if (stored.isEmpty()) {
            throw new ChaincodeException("the asset " + assetID + " does not exist", "ASSET_NOT_FOUND");
        }
        return Asset.parsed(stored);
    }

    /** Replaces an asset. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public Asset UpdateAsset(
            final Context ctx, final String assetID, final String color, final int size, final String owner,
            final int appraisedValue) {
        ReadAsset(ctx, assetID);
        return put(ctx, new Asset(assetID, color, size, owner, appraisedValue));
    }

    /** Deletes an asset. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void DeleteAsset(final Context ctx, final String assetID) {
        ReadAsset(ctx, assetID);
        ctx.getStub().delState(assetID);
    }

    /** Tells whether there is such an asset. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public boolean AssetExists(final Context ctx, final String assetID) {
        return !ctx.getStub().getStringState(assetID).isEmpty();
    }

    /** Returns the owner before. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String TransferAsset(final Context ctx, final String assetID, final String newOwner) {
        Asset asset = ReadAsset(ctx, assetID);
        put(ctx, new Asset(assetID, asset.getColor(), asset.getSize(), newOwner, asset.getAppraisedValue()));
        return asset.getOwner();
    }

    /** Returns all assets in the order of their ids, as JSON. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetAllAssets(final Context ctx) {
        List<String> assets = new ArrayList<>();
        try (var found = ctx.getStub().getStateByRange("", "")) {
            for (KeyValue each : found) assets.add(each.getStringValue());
        }
        return "[" + String.join(",", assets) + "]";
    }

    private static Asset put(final Context ctx, final Asset asset) {
        ctx.getStub().putStringState(asset.getAssetID(), asset.stored());
        return asset;
    }
}
