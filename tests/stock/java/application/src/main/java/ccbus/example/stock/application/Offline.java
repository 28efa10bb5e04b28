package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.rejection;
import static ccbus.example.stock.application.Expect.text;

import java.util.List;
import java.util.function.BiFunction;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.Commit;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.EventsRequest;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Signable;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Signer;

final class Offline {
    static final List<Check> CHECKS = List.of(
            new Check("sign a proposal off-line and evaluate it", Offline::evaluate),
            new Check("sign proposal, transaction and commit off-line", Offline::submit),
            new Check("sign the request of chaincode events off-line", app -> events(app,
                    (network, contract) ->
                            network.newChaincodeEventsRequest(contract.getChaincodeName()).startBlock(0).build(),
                    Gateway::newSignedChaincodeEventsRequest,
                    ChaincodeEvent::getEventName)),
            new Check("sign the request of block events off-line", app -> events(app,
                    (network, contract) -> network.newBlockEventsRequest().startBlock(1).build(),
                    Gateway::newSignedBlockEventsRequest, Streams.blockIs(1))),
            new Check("sign the request of filtered block events off-line", app -> events(app,
                    (network, contract) -> network.newFilteredBlockEventsRequest().startBlock(1).build(),
                    Gateway::newSignedFilteredBlockEventsRequest, Streams.filteredBlockIs(1))),
            new Check("sign the request of blocks with private data off-line", app -> events(app,
                    (network, contract) -> network.newBlockAndPrivateDataEventsRequest().startBlock(1).build(),
                    Gateway::newSignedBlockAndPrivateDataEventsRequest, Streams.blockAndPrivateDataIs(1))),
            new Check("take up a proposal, transaction and commit from bytes", Offline::takenUp),
            new Check("sign messages that are not hashed before", Offline::withoutHash),
            new Check("without a signature nothing is sent", Offline::withoutSignature));

    private Offline() {}

    /** Makes a new message of the bytes of one and their signature. */
    @FunctionalInterface
    private interface Taken<T> {
        T by(Gateway gateway, byte[] bytes, byte[] signature);
    }

    /** Signs a message as somebody without a connection would, and has the gateway make a new one of it. */
    private static <T> T signed(
            final Application app, final Gateway gateway, final Signable message, final Taken<T> taken)
            throws Exception {
        return taken.by(gateway, message.getBytes(), app.user.signer().sign(message.getDigest()));
    }

    private static Object evaluate(final Application app) throws Exception {
        return app.as(app.user.withoutSigner(), (contract, network, gateway) -> {
            Proposal unsigned = contract.newProposal("join").addArguments("off", "line").build();
            return equal(text(signed(app, gateway, unsigned, Gateway::newSignedProposal).evaluate()), "off+line");
        });
    }

    private static Object submit(final Application app) throws Exception {
        return app.as(app.user.withoutSigner(), (contract, network, gateway) -> {
            Proposal unsigned = contract.newProposal("put").addArguments("offline", "signed").build();
            Transaction unsignedTransaction =
                    signed(app, gateway, unsigned, Gateway::newSignedProposal).endorse();
            Commit unsignedCommit = signed(app, gateway, unsignedTransaction, Gateway::newSignedTransaction)
                    .submitAsync();
            Commit commit = signed(app, gateway, unsignedCommit, Gateway::newSignedCommit);
            return equal(commit.getStatus().isSuccessful(), true);
        });
    }

    private static <T, R extends EventsRequest<? extends T>> Object events(
            final Application app, final BiFunction<Network, Contract, Signable> made, final Taken<R> taken,
            final Streams.Look<T> look)
            throws Exception {
        return app.as(app.user.withoutSigner(), (contract, network, gateway) -> {
            R request = signed(app, gateway, made.apply(network, contract), taken);
            return Streams.firstOf(request.getEvents(), look::at);
        });
    }

    /** Each step is done by another gateway, which has the bytes of the step before and signs itself. */
    private static Object takenUp(final Application app) throws Exception {
        return app.as(app.user, (contract, network, second) -> {
            byte[] proposal = app.contract.newProposal("put").addArguments("taken", "up").build().getBytes();
            byte[] transaction = second.newProposal(proposal).endorse().getBytes();
            byte[] commit = app.gateway.newTransaction(transaction).submitAsync().getBytes();
            return equal(second.newCommit(commit).getStatus().isSuccessful(), true);
        });
    }

    /** The signer hashes, as one does that keeps its key in a device of its own. */
    private static Object withoutHash(final Application app) throws Exception {
        Signer hashing = message -> app.user.signer().sign(Hash.SHA256.apply(message));
        return app.as(app.user.with(hashing), builder -> builder.hash(Hash.NONE), (contract, network, gateway) -> {
            contract.submitTransaction("put", "unhashed", "signed");
            return equal(text(contract.evaluateTransaction("get", "unhashed")), "signed");
        });
    }

    private static Object withoutSignature(final Application app) throws Exception {
        return app.as(app.user.withoutSigner(), (contract, network, gateway) ->
                rejection(() -> contract.evaluateTransaction("join", "a")).getMessage());
    }
}
