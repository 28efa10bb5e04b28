package ccbus.example.stock.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;

final class Misuse {
    private Misuse() {}

    /** Returns the errors that the stub reports by itself. */
    static Object misuse(final ChaincodeStub stub, final List<String> args) {
        Map<String, Runnable> attempts = Map.of(
                "emptyEvent", () -> stub.setEvent("", new byte[] {'x'}),
                "emptyObjectType", () -> stub.createCompositeKey("", "a"),
                "emptyAttribute", () -> stub.createCompositeKey("car", ""),
                "compositeRange", () -> stub.getStateByRange("\u0000car", ""),
                "notComposite", () -> stub.splitCompositeKey("simple"),
                "emptyKey", () -> stub.putStringState("", "x"),
                "emptyCollection", () -> stub.getPrivateData("", "key"),
                "nullInAttribute", () -> stub.createCompositeKey("car", "a\u0000b"));
        Map<String, String> texts = new LinkedHashMap<>();
        attempts.forEach((name, attempt) -> {
            try {
                attempt.run();
            } catch (RuntimeException e) {
                texts.put(name, e.getMessage());
            }
        });
        return texts;
    }
}
