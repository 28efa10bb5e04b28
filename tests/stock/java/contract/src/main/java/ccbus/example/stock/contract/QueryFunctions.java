package ccbus.example.stock.contract;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.json.JSONObject;

final class QueryFunctions {
    static final Map<String, Function> ALL = Map.of(
            "newest", QueryFunctions::newest,
            "history", QueryFunctions::history,
            "query", (stub, args) -> RangeFunctions.collect(stub.getQueryResult(args.get(0)), KeyValue::getKey),
            "queryValues", (stub, args) -> RangeFunctions.collect(
                    stub.getQueryResult(args.get(0)), found -> new JSONObject(found.getStringValue())),
            "queryPage", QueryFunctions::queryPage,
            "queryPageAndWrite", QueryFunctions::queryPageAndWrite,
            "fillDocuments", QueryFunctions::fillDocuments);

    private QueryFunctions() {}

    /** Returns the newest changes, closes the iterator, and reads the state once more. */
    private static Object newest(final ChaincodeStub stub, final List<String> args) {
        List<String> values = new ArrayList<>();
        try (var changes = stub.getHistoryForKey(args.get(0))) {
            Iterator<KeyModification> iterator = changes.iterator();
            while (values.size() < Integer.parseInt(args.get(1))) values.add(iterator.next().getStringValue());
        }
        stub.getState(args.get(0));
        return values;
    }

    private static Object history(final ChaincodeStub stub, final List<String> args) {
        return RangeFunctions.collect(stub.getHistoryForKey(args.get(0)), change -> Map.of(
                "txId", change.getTxId(),
                "value", change.getStringValue(),
                "isDelete", change.isDeleted(),
                "hasTime", change.getTimestamp().getEpochSecond() > 0));
    }

    private static Object queryPage(final ChaincodeStub stub, final List<String> args) {
        var results = stub.getQueryResultWithPagination(args.get(0), Integer.parseInt(args.get(1)), args.get(2));
        return Map.of(
                "count", results.getMetadata().getFetchedRecordsCount(),
                "bookmark", results.getMetadata().getBookmark(),
                "keys", RangeFunctions.collectPage(results, KeyValue::getKey));
    }

    private static Object queryPageAndWrite(final ChaincodeStub stub, final List<String> args) {
        stub.getQueryResultWithPagination("{\"selector\":{}}", 1, "");
        stub.putStringState("written", "after the page");
        return null;
    }

    /** Writes one document for each number; the owners alternate. */
    private static Object fillDocuments(final ChaincodeStub stub, final List<String> args) {
        for (int i = Integer.parseInt(args.get(0)); i < Integer.parseInt(args.get(1)); ++i) {
            stub.putStringState(
                    "doc%04d".formatted(i),
                    "{\"docType\":\"asset\",\"number\":%d,\"owner\":\"owner%d\"}".formatted(i, i % 5));
        }
        return null;
    }
}
