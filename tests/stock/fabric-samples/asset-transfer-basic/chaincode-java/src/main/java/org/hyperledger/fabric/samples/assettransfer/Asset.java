package org.hyperledger.fabric.samples.assettransfer;

import org.hyperledger.fabric.contract.annotation.DataType;
import org.hyperledger.fabric.contract.annotation.Property;
import org.json.JSONObject;

@DataType
public final class Asset {
    @Property
    private final String assetID;

    @Property
    private final String color;

    @Property
    private final int size;

    @Property
    private final String owner;

    @Property
    private final int appraisedValue;

    public Asset(
            final String assetID, final String color, final int size, final String owner, final int appraisedValue) {
        this.assetID = assetID;
        this.color = color;
        this.size = size;
        this.owner = owner;
        this.appraisedValue = appraisedValue;
    }

    static Asset parsed(final String text) {
        JSONObject json = new JSONObject(text);
        return new Asset(
                json.getString("assetID"), json.getString("color"), json.getInt("size"), json.getString("owner"),
                json.getInt("appraisedValue"));
    }

    /** Has its fields in the order of their names, so that every endorser writes the same. */
    String stored() {
        return String.format(
                "{\"appraisedValue\":%d,\"assetID\":%s,\"color\":%s,\"owner\":%s,\"size\":%d}",
                appraisedValue, JSONObject.quote(assetID), JSONObject.quote(color), JSONObject.quote(owner), size);
    }

    public String getAssetID() {
        return assetID;
    }

    public String getColor() {
        return color;
    }

    public int getSize() {
        return size;
    }

    public String getOwner() {
        return owner;
    }

    public int getAppraisedValue() {
        return appraisedValue;
    }
}
