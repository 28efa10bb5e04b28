package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.failed;
import static ccbus.example.stock.application.Expect.isTrue;
import static ccbus.example.stock.application.Expect.rejection;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Context;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.Commit;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

final class Deadlines {
    static final List<Check> CHECKS = List.of(
            new Check("evaluate has a deadline", app -> failed(
                    () -> app.contract.newProposal("hold").build().evaluate(Deadlines::soon),
                    "GatewayException", "DEADLINE_EXCEEDED")),
            new Check("evaluate is cancelled", Deadlines::evaluateCancelled),
            new Check("the timeout of evaluate", Deadlines::evaluateTimeout),
            new Check("the timeout of endorse", Deadlines::endorseTimeout),
            new Check("the timeout of submit", Deadlines::submitTimeout),
            new Check("the timeout of the commit status", Deadlines::commitStatusTimeout),
            new Check("submit with a deadline for all of it", Deadlines::submitDeadline),
            new Check("event streams have a deadline", Deadlines::eventsDeadline));

    private static final int SHORT_MS = 300;

    private Deadlines() {}

    private static CallOptions soon(final CallOptions options) {
        return options.withDeadlineAfter(SHORT_MS, TimeUnit.MILLISECONDS);
    }

    /** The library's calls belong to gRPC's context, which cancels them, or has a deadline for all of them. */
    private static <T> T within(final Context.CancellableContext context, final Callable<T> action)
            throws Exception {
        try {
            return context.call(action);
        } finally {
            context.close();
        }
    }

    private static Object evaluateCancelled(final Application app) throws Exception {
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        try {
            Context.CancellableContext context = Context.current().withCancellation();
            later.schedule(() -> context.cancel(null), SHORT_MS, TimeUnit.MILLISECONDS);
            return failed(
                    () -> within(context, () -> app.contract.evaluateTransaction("hold")),
                    "GatewayException", "CANCELLED");
        } finally {
            later.shutdown();
        }
    }

    private static Object evaluateTimeout(final Application app) throws Exception {
        return app.as(
                app.user, builder -> builder.evaluateOptions(Deadlines::soon), (contract, network, gateway) ->
                        failed(() -> contract.evaluateTransaction("hold"), "GatewayException", "DEADLINE_EXCEEDED"));
    }

    private static Object endorseTimeout(final Application app) throws Exception {
        return app.as(
                app.user, builder -> builder.endorseOptions(Deadlines::soon), (contract, network, gateway) ->
                        failed(() -> contract.submitTransaction("hold"), "EndorseException", "DEADLINE_EXCEEDED"));
    }

    /** Leaves no time at all: a submit is over as soon as the transaction is ordered. */
    private static Object submitTimeout(final Application app) throws Exception {
        return app.as(
                app.user,
                builder -> builder.submitOptions(options -> options.withDeadlineAfter(1, TimeUnit.NANOSECONDS)),
                (contract, network, gateway) -> failed(
                        () -> contract.submitTransaction("put", "late", "v"), "SubmitException",
                        "DEADLINE_EXCEEDED"));
    }

    /** Asks for a transaction that nobody submits. */
    private static Object commitStatusTimeout(final Application app) throws Exception {
        return app.as(
                app.user, builder -> builder.commitStatusOptions(Deadlines::soon), (contract, network, gateway) -> {
                    Commit commit = commitOf(app, gateway, "0123456789abcdef");
                    Exception exception = rejection(commit::getStatus);
                    equal(Expect.transactionIdOf(exception), commit.getTransactionId());
                    return failed(exception, "CommitStatusException", "DEADLINE_EXCEEDED", "");
                });
    }

    /** Makes the request for the status of a transaction that this application has not submitted. */
    private static Commit commitOf(final Application app, final Gateway gateway, final String transactionId) {
        SerializedIdentity creator = SerializedIdentity.newBuilder()
                .setMspid(app.user.mspId())
                .setIdBytes(ByteString.copyFrom(app.user.identity().getCredentials()))
                .build();
        CommitStatusRequest request = CommitStatusRequest.newBuilder()
                .setChannelId(app.network.getName())
                .setTransactionId(transactionId)
                .setIdentity(creator.toByteString())
                .build();
        SignedCommitStatusRequest signed = SignedCommitStatusRequest.newBuilder()
                .setRequest(request.toByteString())
                .build();
        return gateway.newCommit(signed.toByteArray());
    }

    private static Object submitDeadline(final Application app) throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Context.CancellableContext ample = Context.current().withDeadlineAfter(20, TimeUnit.SECONDS, timer);
            within(ample, () -> app.contract.submitTransaction("put", "timely", "v"));
            Context.CancellableContext tight =
                    Context.current().withDeadlineAfter(SHORT_MS, TimeUnit.MILLISECONDS, timer);
            return failed(
                    () -> within(tight, () -> app.contract.submitTransaction("hold")), "EndorseException",
                    "DEADLINE_EXCEEDED");
        } finally {
            timer.shutdown();
        }
    }

    private static Object eventsDeadline(final Application app) throws Exception {
        return app.as(
                app.user,
                builder -> builder.chaincodeEventsOptions(Deadlines::soon).blockEventsOptions(Deadlines::soon),
                (contract, network, gateway) -> {
                    Exception last = null;
                    for (var opened : List.of(
                            network.getChaincodeEvents(contract.getChaincodeName()), network.getBlockEvents())) {
                        try (var stream = opened) {
                            last = Streams.drained(stream).exception();
                            isTrue(last != null, "it has ended without an exception");
                            failed(last, "GatewayRuntimeException", "DEADLINE_EXCEEDED", "");
                        }
                    }
                    return Expect.failureOf(last);
                });
    }
}
