package ccbus.example.stock.assets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** A contract with a name, a context of its own, and functions before, after and instead of its transactions. */
@Contract(name = "audit")
public final class Audit implements ContractInterface {
    /** Collects notes during one transaction. */
    static final class AuditContext extends Context {
        private final List<String> notes = new ArrayList<>();

        AuditContext(final ChaincodeStub stub) {
            super(stub);
        }
    }

    @Override
    public Context createContext(final ChaincodeStub stub) {
        return new AuditContext(stub);
    }

    /** Refuses transactions with transient data. */
    @Override
    public void beforeTransaction(final Context ctx) {
        if (!ctx.getStub().getTransient().isEmpty()) {
            throw new ChaincodeException("refused before the transaction");
        }
        notesOf(ctx).add("before");
    }

    /** Runs after each transaction that has succeeded, with its result. */
    @Override
    public void afterTransaction(final Context ctx, final Object result) {
        ctx.getStub().setEvent("after", String.join(" ", (String[]) result).getBytes(UTF_8));
    }

    /** Runs for a function that the contract does not have. */
    @Override
    public void unknownTransaction(final Context ctx) {
        throw new ChaincodeException("no " + ctx.getStub().getFunction());
    }

    /** Returns what was noted up to now. */
    @Transaction(name = "Notes")
    public String[] notes(final Context ctx, final String more) {
        notesOf(ctx).add(more);
        return notesOf(ctx).toArray(String[]::new);
    }

    private static List<String> notesOf(final Context ctx) {
        return ((AuditContext) ctx).notes;
    }
}
