package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.isTrue;
import static ccbus.example.stock.application.Expect.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

final class Transactions {
    static final List<Check> CHECKS = List.of(
            new Check("evaluate a transaction", app ->
                    equal(text(app.contract.evaluateTransaction("join", "a", "b")), "a+b")),
            new Check("submit a transaction", Transactions::submit),
            new Check("arguments that are bytes", Transactions::bytes),
            new Check("a named contract", Transactions::namedContract),
            new Check("transient data", Transactions::transientData),
            new Check("private data", Transactions::privateData),
            new Check("endorsing organizations", Transactions::endorsingOrganizations),
            new Check("evaluate with endorsing organizations", Transactions::evaluateOrganizations),
            new Check("submit asynchronously, then ask for the status", Transactions::submitAsync),
            new Check("endorse, submit and ask for the status step by step", Transactions::stepByStep),
            new Check("the transaction id", Transactions::transactionId),
            new Check("fifty submits at once", Transactions::fiftyAtOnce),
            new Check("a value of 1 MiB", Transactions::largeValue));

    private Transactions() {}

    private static Object submit(final Application app) throws Exception {
        app.contract.submitTransaction("put", "submitted", "here");
        return equal(text(app.contract.evaluateTransaction("get", "submitted")), "here");
    }

    private static Object bytes(final Application app) throws Exception {
        app.contract.submitTransaction("put", "bytes".getBytes(UTF_8), new byte[] {0, (byte) 0xff, (byte) 0xfe, 1});
        return equal(text(app.contract.evaluateTransaction("getBytes", "bytes")), "AP/+AQ==");
    }

    private static Object namedContract(final Application app) throws Exception {
        Contract contract = app.network.getContract(app.assets.getChaincodeName(), "audit");
        String result = text(contract.evaluateTransaction("Notes", "mine"));
        return equal(
                List.of(contract.getContractName().orElseThrow(), result), List.of("audit", "[\"before\",\"mine\"]"));
    }

    private static Object transientData(final Application app) throws Exception {
        Proposal proposal = app.contract
                .newProposal("transient")
                .putAllTransient(Map.of("price", "110".getBytes(UTF_8)))
                .build();
        return equal(text(proposal.evaluate()), "[[\"price\",\"110\"]]");
    }

    private static Object privateData(final Application app) throws Exception {
        app.contract
                .newProposal("putPrivate")
                .addArguments("ours", "application")
                .putTransient("value", "confidential")
                .build()
                .endorse()
                .submit();
        return equal(text(app.contract.evaluateTransaction("getPrivate", "ours", "application")), "confidential");
    }

    private static Object endorsingOrganizations(final Application app) throws Exception {
        Transaction transaction = app.contract
                .newProposal("put")
                .addArguments("endorsed", "by the other")
                .setEndorsingOrganizations(app.other.mspId())
                .build()
                .endorse();
        return equal(Envelopes.endorsersOf(transaction), List.of(app.other.mspId()));
    }

    private static Object evaluateOrganizations(final Application app) throws Exception {
        byte[] result = app.contract
                .newProposal("join")
                .addArguments("a", "b")
                .setEndorsingOrganizations(app.other.mspId())
                .build()
                .evaluate();
        return equal(text(result), "a+b");
    }

    private static Object submitAsync(final Application app) throws Exception {
        SubmittedTransaction submitted =
                app.contract.newProposal("emit").addArguments("async").build().endorse().submitAsync();
        equal(submitted.getResult().length, 0);
        Status status = submitted.getStatus();
        equal(status.getTransactionId(), submitted.getTransactionId());
        return equal(List.of(status.getCode(), status.isSuccessful()), List.of(TxValidationCode.VALID, true));
    }

    private static Object stepByStep(final Application app) throws Exception {
        Proposal proposal = app.assets
                .newProposal("CreateAsset")
                .addArguments("steps", "red", "3", "ann", "7")
                .build();
        Transaction transaction = proposal.endorse();
        String id = JsonParser.parseString(text(transaction.getResult()))
                .getAsJsonObject()
                .get("ID")
                .getAsString();
        boolean successful = transaction.submitAsync().getStatus().isSuccessful();
        return equal(List.of(id, successful), List.of("steps", true));
    }

    private static Object transactionId(final Application app) throws Exception {
        Proposal proposal = app.contract.newProposal("context").build();
        Transaction transaction = proposal.endorse();
        SubmittedTransaction submitted = transaction.submitAsync();
        submitted.getStatus();
        String id = proposal.getTransactionId();
        String inChaincode = JsonParser.parseString(text(transaction.getResult()))
                .getAsJsonObject()
                .get("txId")
                .getAsString();
        equal(
                List.of(transaction.getTransactionId(), submitted.getTransactionId(), inChaincode),
                List.of(id, id, id));
        return id.length();
    }

    private static Object fiftyAtOnce(final Application app) throws Exception {
        List<String> keys = IntStream.range(0, 50).mapToObj(i -> "once" + i).toList();
        List<Future<byte[]>> submits = keys.stream()
                .map(key -> Streams.started(() -> app.contract.submitTransaction("put", key, key)))
                .toList();
        for (Future<byte[]> submit : submits) Streams.soon(submit);
        List<String> values = new ArrayList<>();
        JsonParser.parseString(text(app.contract.evaluateTransaction("getAtOnce", String.join(",", keys))))
                .getAsJsonArray()
                .forEach(each -> values.add(each.getAsString()));
        return equal(values, keys).size();
    }

    /**
     * It is three times in the answer to Endorse, which has to stay below the 4 MiB that the library's connection
     * receives by default.
     */
    private static Object largeValue(final Application app) throws Exception {
        String value = "one MiB of it...".repeat((1 << 20) / 16);
        app.contract.submitTransaction("put", "large", value);
        String result = text(app.contract.evaluateTransaction("get", "large"));
        isTrue(result.equals(value), "another value");
        return result.length();
    }
}
