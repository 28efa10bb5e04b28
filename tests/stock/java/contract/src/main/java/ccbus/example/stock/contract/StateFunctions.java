package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;

final class StateFunctions {
    static final Map<String, Function> ALL = Map.of(
            "put", StateFunctions::put,
            "putBytes", StateFunctions::putBytes,
            "get", (stub, args) -> stub.getState(args.get(0)),
            "getBytes", (stub, args) -> Base64.getEncoder().encodeToString(stub.getState(args.get(0))),
            "delete", StateFunctions::delete,
            "readOwnWrites", StateFunctions::readOwnWrites,
            "getAtOnce", StateFunctions::getAtOnce,
            "fill", StateFunctions::fill,
            "putLarge", StateFunctions::putLarge);

    private StateFunctions() {}

    private static Object put(final ChaincodeStub stub, final List<String> args) {
        stub.putStringState(args.get(0), args.get(1));
        return null;
    }

    private static Object putBytes(final ChaincodeStub stub, final List<String> args) {
        stub.putState(args.get(0), Base64.getDecoder().decode(args.get(1)));
        return null;
    }

    private static Object delete(final ChaincodeStub stub, final List<String> args) {
        stub.delState(args.get(0));
        return null;
    }

    /** Returns what a transaction reads from a key that it has just written or deleted. */
    private static Object readOwnWrites(final ChaincodeStub stub, final List<String> args) {
        String key = args.get(0);
        stub.putStringState(key, "written");
        String afterPut = stub.getStringState(key);
        stub.delState(key);
        return Map.of("afterPut", afterPut, "afterDelete", stub.getStringState(key));
    }

    /** Reads the keys one after the other: the shim has one request of a transaction at a time. */
    private static Object getAtOnce(final ChaincodeStub stub, final List<String> args) {
        List<String> values = new ArrayList<>();
        for (String key : args.get(0).split(",")) values.add(stub.getStringState(key));
        return values;
    }

    /** Writes keys prefix000, prefix001 and so on, each with its number as its value. */
    private static Object fill(final ChaincodeStub stub, final List<String> args) {
        for (int i = 0; i < Integer.parseInt(args.get(1)); ++i) {
            stub.putState("%s%03d".formatted(args.get(0), i), Integer.toString(i).getBytes(UTF_8));
        }
        return null;
    }

    /** Writes a value of so many bytes. */
    private static Object putLarge(final ChaincodeStub stub, final List<String> args) {
        byte[] value = new byte[Integer.parseInt(args.get(1))];
        Arrays.fill(value, (byte) 'x');
        stub.putState(args.get(0), value);
        return null;
    }
}
