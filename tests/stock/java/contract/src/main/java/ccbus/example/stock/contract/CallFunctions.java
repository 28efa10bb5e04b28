package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.Chaincode.Response;
import org.hyperledger.fabric.shim.ChaincodeStub;

final class CallFunctions {
    static final Map<String, Function> ALL =
            Map.of("call", CallFunctions::call, "writeAndCall", CallFunctions::writeAndCall);

    private CallFunctions() {}

    /** Has the arguments of the other chaincode as a JSON array. */
    private static Object call(final ChaincodeStub stub, final List<String> args) {
        Response response = invoked(stub, args.get(0), args.get(1), RangeFunctions.texts(args.get(2)));
        return Map.of("status", response.getStatusCode(), "payload", response.getStringPayload());
    }

    /** The stub has several functions for one thing, which differ in how the arguments are given. */
    private static Object writeAndCall(final ChaincodeStub stub, final List<String> args) {
        stub.putStringState(args.get(0), "of the caller");
        List<String> given = List.of(RangeFunctions.texts(args.get(3)));
        stub.invokeChaincodeWithStringArgs(args.get(1), given);
        stub.invokeChaincode(args.get(1), given.stream().map(text -> text.getBytes(UTF_8)).toList());
        return null;
    }

    private static Response invoked(
            final ChaincodeStub stub, final String name, final String channel, final String... args) {
        if (channel.isEmpty()) return stub.invokeChaincodeWithStringArgs(name, args);
        return stub.invokeChaincodeWithStringArgs(name, List.of(args), channel);
    }
}
