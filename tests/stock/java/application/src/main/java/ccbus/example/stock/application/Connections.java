package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.rejection;
import static ccbus.example.stock.application.Expect.text;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;

final class Connections {
    static final List<Check> CHECKS = List.of(
            new Check("two identities over one connection", Connections::twoIdentities),
            new Check("a gateway without a connection is refused", app ->
                    rejection(() -> Gateway.newInstance().identity(app.user.identity()).connect()).getMessage()));

    private Connections() {}

    /** Returns the MSP of the client, according to the chaincode. */
    private static String creatorOf(final Contract contract) throws Exception {
        return JsonParser.parseString(text(contract.evaluateTransaction("client")))
                .getAsJsonObject().get("mspId").getAsString();
    }

    private static Object twoIdentities(final Application app) throws Exception {
        return app.as(app.other, (contract, network, gateway) -> {
            List<String> saw = new ArrayList<>();
            for (Contract each : List.of(app.contract, contract, app.contract)) saw.add(creatorOf(each));
            return equal(saw, List.of(app.user.mspId(), app.other.mspId(), app.user.mspId()));
        });
    }
}
