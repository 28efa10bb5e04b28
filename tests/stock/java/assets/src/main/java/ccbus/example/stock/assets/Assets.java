package ccbus.example.stock.assets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.StreamSupport;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Info;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.contract.annotation.Transaction.TYPE;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ledger.KeyValue;

/** The default contract: assets with typed transactions. */
@Contract(name = "Assets", info = @Info(title = "assets of the tests", version = "1.2.3"))
@Default
public final class Assets implements ContractInterface {
    /** Has its fields as arguments. */
    @Transaction(name = "CreateAsset")
    public Asset createAsset(
            final Context ctx, final String id, final String color, final int size, final String owner,
            final double value) {
        Asset asset = new Asset(id, color, size, owner, value);
        addAsset(ctx, asset);
        return asset;
    }

    /** Has the asset as one argument. */
    @Transaction(name = "AddAsset")
    public void addAsset(final Context ctx, final Asset asset) {
        if (assetExists(ctx, asset.getId())) {
            throw new ChaincodeException("the asset %s exists".formatted(asset.getId()));
        }
        store(ctx, asset);
    }

    /** No transaction: it is not marked as one. Stores an asset and sets an event with it. */
    public void store(final Context ctx, final Asset asset) {
        ctx.getStub().setEvent("stored", asset.stored().getBytes(UTF_8));
        ctx.getStub().putStringState(asset.getId(), asset.stored());
    }

    /** Fails if there is no such asset. */
    @Transaction(intent = TYPE.EVALUATE, name = "ReadAsset")
    public Asset readAsset(final Context ctx, final String id) {
        String stored = ctx.getStub().getStringState(id);
        if (stored.isEmpty()) throw new ChaincodeException("the asset %s does not exist".formatted(id));
        return Asset.parsed(stored);
    }

    @Transaction(intent = TYPE.EVALUATE, name = "AssetExists")
    public boolean assetExists(final Context ctx, final String id) {
        return ctx.getStub().getState(id).length > 0;
    }

    /** Returns the owner before. */
    @Transaction(name = "TransferAsset")
    public String transferAsset(final Context ctx, final String id, final String owner) {
        Asset asset = readAsset(ctx, id);
        store(ctx, asset.with(owner));
        return asset.getOwner();
    }

    /** Returns nothing. */
    @Transaction(name = "DeleteAsset")
    public void deleteAsset(final Context ctx, final String id) {
        ctx.getStub().delState(readAsset(ctx, id).getId());
    }

    /** Returns an array. */
    @Transaction(intent = TYPE.EVALUATE, name = "GetAllAssets")
    public Asset[] getAllAssets(final Context ctx) {
        try (var found = ctx.getStub().getStateByRange("", "")) {
            return StreamSupport.stream(found.spliterator(), false)
                    .map(KeyValue::getStringValue)
                    .map(Asset::parsed)
                    .toArray(Asset[]::new);
        }
    }

    /** Has an array as its argument. */
    @Transaction(intent = TYPE.EVALUATE, name = "TotalSize")
    public int totalSize(final Context ctx, final String[] ids) {
        int total = 0;
        for (String id : ids) total += readAsset(ctx, id).getSize();
        return total;
    }

    /** Returns the MSP of the client. */
    @Transaction(intent = TYPE.EVALUATE, name = "WhoAmI")
    public String whoAmI(final Context ctx) {
        return ctx.getClientIdentity().getMSPID();
    }

    /** Fails with what is no ChaincodeException. */
    @Transaction(name = "Break")
    public void fail(final Context ctx) {
        throw new IllegalStateException("nobody is told");
    }
}
