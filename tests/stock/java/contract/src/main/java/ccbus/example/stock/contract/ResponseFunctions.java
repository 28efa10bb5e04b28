package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.hyperledger.fabric.shim.Chaincode.Response;
import org.hyperledger.fabric.shim.ResponseUtils;

/** These make their responses themselves. */
final class ResponseFunctions {
    /** invoke() returns null for it. */
    static final Object NONE = new Object();

    static final Map<String, Function> ALL = Map.of(
            "join", (stub, args) -> ResponseUtils.newSuccessResponse(String.join("+", args).getBytes(UTF_8)),
            "refuse", (stub, args) -> ResponseUtils.newErrorResponse(args.get(0)),
            "status", (stub, args) ->
                    new Response(Integer.parseInt(args.get(0)), args.get(1), args.get(2).getBytes(UTF_8)),
            "nothing", (stub, args) -> NONE,
            "throw", (stub, args) -> {
                throw new StockContract.OfTheShim(new IllegalStateException(args.get(0)));
            });

    private ResponseFunctions() {}
}
