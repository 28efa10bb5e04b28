package ccbus.example.stock.contract;

import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ext.sbe.StateBasedEndorsement;
import org.hyperledger.fabric.shim.ext.sbe.StateBasedEndorsement.RoleType;
import org.hyperledger.fabric.shim.ext.sbe.impl.StateBasedEndorsementFactory;

final class PolicyFunctions {
    static final Map<String, Function> ALL = Map.of(
            "setPolicy", PolicyFunctions::setPolicy,
            "policyOrgs", (stub, args) -> orgsOf(stub.getStateValidationParameter(args.get(0))),
            "setPrivatePolicy", PolicyFunctions::setPrivatePolicy,
            "privatePolicyOrgs",
                    (stub, args) -> orgsOf(stub.getPrivateDataValidationParameter(args.get(0), args.get(1))));

    private PolicyFunctions() {}

    private static StateBasedEndorsement policy(final byte[] encoded) {
        return StateBasedEndorsementFactory.getInstance().newStateBasedEndorsement(encoded);
    }

    /** Requires endorsements of an organisation, and temporarily of another one, for writes to the key. */
    private static Object setPolicy(final ChaincodeStub stub, final List<String> args) {
        StateBasedEndorsement policy = policy(null);
        policy.addOrgs(RoleType.RoleTypeMember, args.get(1), "Org9MSP");
        policy.delOrgs("Org9MSP");
        stub.setStateValidationParameter(args.get(0), policy.policy());
        return null;
    }

    private static Object setPrivatePolicy(final ChaincodeStub stub, final List<String> args) {
        StateBasedEndorsement policy = policy(null);
        policy.addOrgs(RoleType.RoleTypeMember, args.get(2));
        stub.setPrivateDataValidationParameter(args.get(0), args.get(1), policy.policy());
        return null;
    }

    private static List<String> orgsOf(final byte[] encoded) {
        return encoded == null ? List.of() : policy(encoded).listOrgs();
    }
}
