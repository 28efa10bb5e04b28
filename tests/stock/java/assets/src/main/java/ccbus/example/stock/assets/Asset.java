package ccbus.example.stock.assets;

import org.hyperledger.fabric.contract.annotation.DataType;
import org.hyperledger.fabric.contract.annotation.Property;
import org.json.JSONObject;

/** The contract API takes the names of the properties from the fields, and their values from the functions. */
@DataType
public final class Asset {
    @Property
    private String id;

    @Property
    private String color;

    @Property(schema = {"minimum", "1"})
    private int size;

    @Property
    private String owner;

    @Property
    private double appraisedValue;

    /** The contract API makes one of these, and then sets its fields. */
    public Asset() {}

    Asset(final String id, final String color, final int size, final String owner, final double value) {
        this.id = id;
        this.color = color;
        this.size = size;
        this.owner = owner;
        this.appraisedValue = value;
    }

    static Asset parsed(final String text) {
        JSONObject json = new JSONObject(text);
        return new Asset(
                json.getString("id"), json.getString("color"), json.getInt("size"), json.getString("owner"),
                json.getDouble("appraisedValue"));
    }

    Asset with(final String newOwner) {
        return new Asset(id, color, size, newOwner, appraisedValue);
    }

    /** Has its fields in an order that every endorser has. */
    String stored() {
        return "{\"appraisedValue\":%s,\"color\":%s,\"id\":%s,\"owner\":%s,\"size\":%d}".formatted(
                JSONObject.numberToString(appraisedValue), JSONObject.quote(color), JSONObject.quote(id),
                JSONObject.quote(owner), size);
    }

    public String getId() {
        return id;
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

    public double getAppraisedValue() {
        return appraisedValue;
    }
}
