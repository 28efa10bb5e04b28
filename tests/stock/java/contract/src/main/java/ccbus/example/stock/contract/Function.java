package ccbus.example.stock.contract;

import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeStub;

/**
 * One transaction function. A text or bytes become the payload as they are, a response is sent as it is, null is an
 * empty payload, and everything else becomes JSON.
 */
@FunctionalInterface
interface Function {
    Object call(ChaincodeStub stub, List<String> args) throws Exception;
}
