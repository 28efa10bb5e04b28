package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.hyperledger.fabric.traces.Traces;
import org.json.JSONObject;

/** A chaincode that calls every function of the shim's stub. */
final class StockContract extends ChaincodeBase {
    private static final Map<String, Function> FUNCTIONS = joined(List.of(
            StateFunctions.ALL, RangeFunctions.ALL, TransactionFunctions.ALL, ResponseFunctions.ALL,
            PrivateFunctions.ALL, PolicyFunctions.ALL, QueryFunctions.ALL, CallFunctions.ALL));

    private static Map<String, Function> joined(final List<Map<String, Function>> tables) {
        Map<String, Function> all = new HashMap<>();
        tables.forEach(all::putAll);
        return Map.copyOf(all);
    }

    @Override
    public Response init(final ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse("initialized".getBytes(UTF_8));
    }

    @Override
    public Response invoke(final ChaincodeStub stub) {
        Function called = FUNCTIONS.get(stub.getFunction());
        if (called == null) return ResponseUtils.newErrorResponse("there is no function " + stub.getFunction());
        Object result;
        try {
            result = called.call(stub, stub.getParameters());
        } catch (OfTheShim e) {
            throw e.exception;
        } catch (Exception e) {
            return ResponseUtils.newErrorResponse(e.getMessage());
        }
        return result == ResponseFunctions.NONE ? null : responseOf(result);
    }

    /** What is for the shim to catch, and not for invoke(). */
    static final class OfTheShim extends Exception {
        private static final long serialVersionUID = 1L;
        private final RuntimeException exception;

        OfTheShim(final RuntimeException exception) {
            this.exception = exception;
        }
    }

    private static Response responseOf(final Object result) {
        if (result instanceof Response response) return response;
        return ResponseUtils.newSuccessResponse(payloadOf(result));
    }

    private static byte[] payloadOf(final Object result) {
        if (result == null) return null;
        if (result instanceof byte[] bytes) return bytes;
        if (result instanceof String text) return text.getBytes(UTF_8);
        return JSONObject.wrap(result).toString().getBytes(UTF_8);
    }

    /** Waits for a peer to connect. Blocks until the server is shut down. */
    void serve(final ChaincodeServerProperties properties) throws IOException, InterruptedException {
        initializeLogging();
        processEnvironmentOptions();
        validateOptions();
        Metrics.initialize(getChaincodeConfig());
        Traces.initialize(getChaincodeConfig());
        new NettyChaincodeServer(this, properties).start();
    }
}
