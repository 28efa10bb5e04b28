package ccbus.example.stock.contract;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;

final class PrivateFunctions {
    static final Map<String, Function> ALL = Map.of(
            "putPrivate", PrivateFunctions::putPrivate,
            "getPrivate", (stub, args) -> stub.getPrivateDataUTF8(args.get(0), args.get(1)),
            "deletePrivate", PrivateFunctions::deletePrivate,
            "purgePrivate", PrivateFunctions::purgePrivate,
            "privateHash",
                    (stub, args) -> HexFormat.of().formatHex(stub.getPrivateDataHash(args.get(0), args.get(1))),
            "privateRange", (stub, args) -> RangeFunctions.collect(
                    stub.getPrivateDataByRange(args.get(0), args.get(1), args.get(2)), RangeFunctions::pairOf),
            "fillPrivateComposite", PrivateFunctions::fillPrivateComposite,
            "privatePartialComposite", PrivateFunctions::privatePartialComposite,
            "privateRangeAndWrite", PrivateFunctions::privateRangeAndWrite,
            "privateQuery", (stub, args) -> RangeFunctions.collect(
                    stub.getPrivateDataQueryResult(args.get(0), args.get(1)), KeyValue::getKey));

    private PrivateFunctions() {}

    /** Has its value from the transient data, so that no block contains it. */
    private static Object putPrivate(final ChaincodeStub stub, final List<String> args) {
        stub.putPrivateData(args.get(0), args.get(1), stub.getTransient().get("value"));
        return null;
    }

    private static Object deletePrivate(final ChaincodeStub stub, final List<String> args) {
        stub.delPrivateData(args.get(0), args.get(1));
        return null;
    }

    private static Object purgePrivate(final ChaincodeStub stub, final List<String> args) {
        stub.purgePrivateData(args.get(0), args.get(1));
        return null;
    }

    /** Writes keys of an object type with one attribute, each with its attribute as its value. */
    private static Object fillPrivateComposite(final ChaincodeStub stub, final List<String> args) {
        for (String attribute : RangeFunctions.texts(args.get(2))) {
            CompositeKey key = stub.createCompositeKey(args.get(1), attribute);
            stub.putPrivateData(args.get(0), key.toString(), attribute);
        }
        return null;
    }

    private static Object privatePartialComposite(final ChaincodeStub stub, final List<String> args) {
        String[] given = RangeFunctions.texts(args.get(2));
        return RangeFunctions.collect(byPartialKey(stub, args.get(0), args.get(1), given), found -> List.of(
                stub.splitCompositeKey(found.getKey()).getAttributes(), found.getStringValue()));
    }

    /** The stub has three functions for one thing: the object type alone goes by its text, or by its key. */
    private static QueryResultsIterator<KeyValue> byPartialKey(
            final ChaincodeStub stub, final String collection, final String objectType, final String... attributes) {
        if (attributes.length > 0) {
            return stub.getPrivateDataByPartialCompositeKey(collection, objectType, attributes);
        }
        stub.getPrivateDataByPartialCompositeKey(collection, objectType).close();
        return stub.getPrivateDataByPartialCompositeKey(collection, stub.createCompositeKey(objectType));
    }

    private static Object privateRangeAndWrite(final ChaincodeStub stub, final List<String> args) {
        RangeFunctions.collect(stub.getPrivateDataByRange(args.get(0), "", ""), KeyValue::getKey);
        stub.putStringState("written", "after the range");
        return null;
    }
}
