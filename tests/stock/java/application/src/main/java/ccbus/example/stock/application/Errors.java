package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.contains;
import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.failed;
import static ccbus.example.stock.application.Expect.failureOf;
import static ccbus.example.stock.application.Expect.rejection;
import static ccbus.example.stock.application.Expect.transactionIdOf;

import ccbus.example.stock.application.Expect.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

final class Errors {
    static final List<Check> CHECKS = List.of(
            new Check("evaluate fails with what the chaincode says, and details", Errors::evaluate),
            new Check("EndorseError with what the chaincode says, and details", Errors::endorse),
            new Check("EndorseError of a chaincode that there is not", Errors::noChaincode),
            new Check("evaluate of a channel that there is not", Errors::noChannel),
            new Check("EndorseError of an organization that the channel does not have", Errors::noOrganization),
            new Check("EndorseError of a proposal that somebody else has signed", Errors::wrongProposal),
            new Check("SubmitError of a transaction that somebody else has signed", Errors::wrongTransaction),
            new Check("CommitStatusError of a request that somebody else has signed", Errors::wrongCommit),
            new Check("CommitError of two that write what both have read", Errors::conflict),
            new Check("CommitError of too few endorsements", Errors::tooFew),
            new Check("chaincode events for somebody else end", Errors::wrongEvents));

    private Errors() {}

    private static Object evaluate(final Application app) throws Exception {
        Exception exception = rejection(() -> app.contract.evaluateTransaction("refuse", "not today"));
        Failure saw = failed(exception, "GatewayException", "UNKNOWN", "chaincode response 500, not today");
        saw.detailed();
        return saw;
    }

    private static Object endorse(final Application app) throws Exception {
        Proposal proposal = app.contract.newProposal("refuse").addArguments("not today").build();
        Exception exception = rejection(proposal::endorse);
        equal(transactionIdOf(exception), proposal.getTransactionId());
        Failure saw = failed(exception, "EndorseException", "ABORTED", "chaincode response 500, not today");
        saw.detailed();
        return saw;
    }

    private static Object noChaincode(final Application app) throws Exception {
        Contract nowhere = app.network.getContract("nowhere");
        Exception exception = rejection(() -> nowhere.submitTransaction("put", "k", "v"));
        return failed(exception, "EndorseException", "FAILED_PRECONDITION", "nowhere");
    }

    private static Object noChannel(final Application app) throws Exception {
        Contract contract = app.gateway.getNetwork("nowhere").getContract(app.contract.getChaincodeName());
        Failure saw = failureOf(rejection(() -> contract.evaluateTransaction("join", "a")));
        contains(saw.message(), "nowhere");
        return saw;
    }

    /** Submits as somebody whose proposals are not endorsed, since the channel does not have its organisation. */
    private static Object denied(final Application app, final User as) throws Exception {
        return app.as(as, (contract, network, gateway) -> {
            Failure saw = failureOf(rejection(() -> contract.submitTransaction("put", "k", "v")));
            equal(saw.type(), "EndorseException");
            contains(saw.all(), "access denied: channel [mychannel] creator org [" + as.mspId() + "]");
            return saw;
        });
    }

    private static Object noOrganization(final Application app) throws Exception {
        return denied(app, app.stranger);
    }

    private static Object wrongProposal(final Application app) throws Exception {
        return denied(app, app.forged());
    }

    private static Object wrongTransaction(final Application app) throws Exception {
        return app.as(app.forged(), (contract, network, gateway) -> {
            Proposal proposal = app.contract.newProposal("put").addArguments("forged", "v").build();
            Transaction transaction = gateway.newTransaction(proposal.endorse().getBytes());
            Exception exception = rejection(transaction::submitAsync);
            equal(transactionIdOf(exception), transaction.getTransactionId());
            Failure saw = failureOf(exception);
            equal(saw.type(), "SubmitException");
            return saw;
        });
    }

    private static Object wrongCommit(final Application app) throws Exception {
        return app.as(app.forged(), (contract, network, gateway) -> {
            var commit = app.contract.newProposal("put").addArguments("asked for", "v").build().endorse().submitAsync();
            Exception exception = rejection(gateway.newCommit(commit.getBytes())::getStatus);
            equal(transactionIdOf(exception), commit.getTransactionId());
            return failed(exception, "CommitStatusException", "PERMISSION_DENIED", "");
        });
    }

    private static Object conflict(final Application app) throws Exception {
        app.assets.submitTransaction("CreateAsset", "conflict", "red", "3", "ann", "7");
        equal(codesOfTwo(app.assets), List.of(TxValidationCode.VALID, TxValidationCode.MVCC_READ_CONFLICT));
        CommitException found = conflicting(app.assets);
        equal(found.getCode(), TxValidationCode.MVCC_READ_CONFLICT);
        contains(found.getMessage(), found.getTransactionId() + " failed with status code 11 (MVCC_READ_CONFLICT)");
        return found.getCode();
    }

    /** Endorses two transfers of one asset before either is submitted, and returns their codes. */
    private static List<TxValidationCode> codesOfTwo(final Contract assets) throws Exception {
        List<Transaction> transactions = new ArrayList<>();
        for (String owner : List.of("bob", "eve")) {
            transactions.add(assets.newProposal("TransferAsset").addArguments("conflict", owner).build().endorse());
        }
        List<TxValidationCode> codes = new ArrayList<>();
        for (Transaction each : transactions) codes.add(each.submitAsync().getStatus().getCode());
        return codes;
    }

    /** Submits in one step, while others do, until one of them fails. */
    private static CommitException conflicting(final Contract assets) throws Exception {
        for (int i = 0; i < 50; ++i) {
            List<Future<byte[]>> all = IntStream.range(0, 8)
                    .mapToObj(each -> Streams.started(() ->
                            assets.submitTransaction("TransferAsset", "conflict", "joe")))
                    .toList();
            CommitException found = null;
            for (Future<byte[]> each : all) {
                try {
                    Streams.soon(each);
                } catch (CommitException e) {
                    found = e;
                }
            }
            if (found != null) return found;
        }
        throw new AssertionError("none of 400 has failed");
    }

    private static Object tooFew(final Application app) throws Exception {
        Transaction transaction = app.contract
                .newProposal("put")
                .addArguments("few", "v")
                .setEndorsingOrganizations(app.user.mspId())
                .build()
                .endorse();
        return failed(() -> transaction.submit(), "CommitException", "ENDORSEMENT_POLICY_FAILURE").code();
    }

    private static Object wrongEvents(final Application app) throws Exception {
        return app.as(app.forged(), (contract, network, gateway) -> {
            var events = network.newChaincodeEventsRequest(contract.getChaincodeName()).startBlock(0).build();
            var blocks = network.newBlockEventsRequest().startBlock(0).build();
            Streams.End end;
            try (var stream = blocks.getEvents()) {
                end = Streams.drained(stream);
            }
            equal(end.count(), 0);
            contains(end.exception().getMessage(), "FORBIDDEN");
            try (var stream = events.getEvents()) {
                end = Streams.drained(stream);
            }
            equal(end.count(), 0);
            return failed(end.exception(), "GatewayRuntimeException", "PERMISSION_DENIED", "");
        });
    }
}
