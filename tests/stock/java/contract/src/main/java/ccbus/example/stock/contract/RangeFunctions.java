package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.hyperledger.fabric.protos.peer.QueryResponseMetadata;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.hyperledger.fabric.shim.ledger.QueryResultsIteratorWithMetadata;
import org.json.JSONArray;

final class RangeFunctions {
    static final Map<String, Function> ALL = Map.of(
            "range", (stub, args) -> collect(stub.getStateByRange(args.get(0), args.get(1)), RangeFunctions::pairOf),
            "rangeStart", RangeFunctions::rangeStart,
            "pageAndWrite", RangeFunctions::pageAndWrite,
            "writeAndPage", RangeFunctions::writeAndPage,
            "page", RangeFunctions::page,
            "fillComposite", RangeFunctions::fillComposite,
            "partialComposite", RangeFunctions::partialComposite,
            "partialCompositePage", RangeFunctions::partialCompositePage);

    private RangeFunctions() {}

    /** Reads an iterator to its end and closes it. */
    static <T, R> List<R> collect(
            final QueryResultsIterator<T> results, final java.util.function.Function<T, R> shape) {
        try (results) {
            return shaped(results, shape);
        }
    }

    static <T, R> List<R> collectPage(
            final QueryResultsIteratorWithMetadata<T> results, final java.util.function.Function<T, R> shape) {
        try (results) {
            return shaped(results, shape);
        }
    }

    private static <T, R> List<R> shaped(
            final Iterable<T> results, final java.util.function.Function<T, R> shape) {
        return StreamSupport.stream(results.spliterator(), false).map(shape).toList();
    }

    static List<String> pairOf(final KeyValue found) {
        return List.of(found.getKey(), found.getStringValue());
    }

    /** The fields of a page's metadata under the names that they have in the other languages. */
    static Map<String, Object> metadataOf(final QueryResponseMetadata metadata) {
        return Map.of(
                "bookmark", metadata.getBookmark(), "fetchedRecordsCount", metadata.getFetchedRecordsCount());
    }

    static String[] texts(final String encoded) {
        return new JSONArray(encoded).toList().stream().map(Object::toString).toArray(String[]::new);
    }

    /** Returns the first results, closes the iterator, and reads the state once more. */
    private static Object rangeStart(final ChaincodeStub stub, final List<String> args) {
        List<List<String>> pairs = new ArrayList<>();
        try (var results = stub.getStateByRange(args.get(0), args.get(1))) {
            Iterator<KeyValue> iterator = results.iterator();
            while (pairs.size() < Integer.parseInt(args.get(2))) pairs.add(pairOf(iterator.next()));
        }
        stub.getState(args.get(0));
        return pairs;
    }

    private static Object pageAndWrite(final ChaincodeStub stub, final List<String> args) {
        stub.getStateByRangeWithPagination("a", "b", 1, "");
        stub.putStringState("a", "after the page");
        return null;
    }

    private static Object writeAndPage(final ChaincodeStub stub, final List<String> args) {
        stub.putStringState("a", "before the page");
        stub.getStateByRangeWithPagination("a", "b", 1, "");
        return null;
    }

    private static Object page(final ChaincodeStub stub, final List<String> args) {
        var results = stub.getStateByRangeWithPagination(
                args.get(0), args.get(1), Integer.parseInt(args.get(2)), args.get(3));
        return Map.of(
                "metadata", metadataOf(results.getMetadata()), "keys", collectPage(results, KeyValue::getKey));
    }

    /** Writes keys of an object type with two attributes: a colour and a number. */
    private static Object fillComposite(final ChaincodeStub stub, final List<String> args) {
        for (int i = 0; i < Integer.parseInt(args.get(2)); ++i) {
            CompositeKey key = stub.createCompositeKey(args.get(0), args.get(1), "%03d".formatted(i));
            stub.putState(key.toString(), Integer.toString(i).getBytes(UTF_8));
        }
        return null;
    }

    private static Object partialComposite(final ChaincodeStub stub, final List<String> args) {
        return collect(byPartialKey(stub, args.get(0), texts(args.get(1))), found -> {
            CompositeKey key = stub.splitCompositeKey(found.getKey());
            return Map.of(
                    "objectType", key.getObjectType(), "attributes", key.getAttributes(),
                    "value", new String(found.getValue(), UTF_8));
        });
    }

    /** The stub has three functions for one thing: each number of attributes takes another one. */
    private static QueryResultsIterator<KeyValue> byPartialKey(
            final ChaincodeStub stub, final String objectType, final String... attributes) {
        return switch (attributes.length) {
            case 0 -> stub.getStateByPartialCompositeKey(objectType);
            case 1 -> stub.getStateByPartialCompositeKey(stub.createCompositeKey(objectType, attributes));
            default -> stub.getStateByPartialCompositeKey(objectType, attributes);
        };
    }

    private static Object partialCompositePage(final ChaincodeStub stub, final List<String> args) {
        var results = stub.getStateByPartialCompositeKeyWithPagination(
                stub.createCompositeKey(args.get(0), args.get(1)), Integer.parseInt(args.get(2)), args.get(3));
        return Map.of(
                "metadata", metadataOf(results.getMetadata()),
                "numbers", collectPage(
                        results, found -> stub.splitCompositeKey(found.getKey()).getAttributes().get(1)));
    }
}
