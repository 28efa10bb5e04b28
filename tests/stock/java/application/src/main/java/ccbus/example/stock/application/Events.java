package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.Checkpointer;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.FileCheckpointer;
import org.hyperledger.fabric.client.InMemoryCheckpointer;
import org.hyperledger.fabric.client.Status;

final class Events {
    static final List<Check> CHECKS = List.of(
            new Check("chaincode events from now on", Events::fromNow),
            new Check("chaincode events from a block on", Events::fromBlock),
            new Check("chaincode events after a checkpoint in memory", Events::afterCheckpoint),
            new Check("chaincode events after a checkpoint in a file", Events::afterFileCheckpoint),
            new Check("chaincode events of this chaincode only", Events::ofOneChaincode),
            new Check("chaincode events end when they are closed", Events::end));

    private Events() {}

    private static String summary(final ChaincodeEvent event) {
        return event.getEventName() + ": " + text(event.getPayload());
    }

    private static CloseableIterator<ChaincodeEvent> opened(
            final Application app, final String chaincode, final long startBlock) {
        return app.network.newChaincodeEventsRequest(chaincode).startBlock(startBlock).build().getEvents();
    }

    /** Submits until an event arrives: the library does not say from when on the stream counts. */
    private static Object fromNow(final Application app) throws Exception {
        try (var stream = app.network.getChaincodeEvents(app.contract.getChaincodeName())) {
            Future<ChaincodeEvent> event = Streams.started(stream::next);
            for (int i = 0; i < 100 && !event.isDone(); ++i) app.emitted("now");
            return equal(summary(Streams.soon(event)), "now: about now");
        }
    }

    private static Object fromBlock(final Application app) throws Exception {
        Status first = app.emitted("first");
        app.emitted("second");
        List<ChaincodeEvent> events = new ArrayList<>();
        try (var stream = opened(app, app.contract.getChaincodeName(), first.getBlockNumber())) {
            events.add(Streams.next(stream));
            events.add(Streams.next(stream));
            app.emitted("third"); // Committed while the stream is open.
            events.add(Streams.next(stream));
        }
        equal(events.get(0).getTransactionId(), first.getTransactionId());
        equal(events.get(0).getBlockNumber(), first.getBlockNumber());
        return equal(
                events.stream().map(Events::summary).toList(),
                List.of("first: about first", "second: about second", "third: about third"));
    }

    /** Opens a checkpoint once more. */
    @FunctionalInterface
    private interface Reopened {
        Checkpointer again() throws Exception;
    }

    private static Object afterCheckpoint(final Application app) throws Exception {
        Checkpointer memory = new InMemoryCheckpointer();
        return resumed(app, memory, () -> memory);
    }

    /** Closes the file and opens it once more before it goes on. */
    private static Object afterFileCheckpoint(final Application app) throws Exception {
        Path folder = Files.createTempDirectory("application-");
        Path path = folder.resolve("checkpoint");
        FileCheckpointer file = new FileCheckpointer(path);
        try {
            return resumed(app, file, () -> {
                file.sync();
                file.close();
                return new FileCheckpointer(path);
            });
        } finally {
            Files.delete(path);
            Files.delete(folder);
        }
    }

    /** Reads the first of three events, and goes on after the checkpoint at the second one. */
    private static Object resumed(final Application app, final Checkpointer at, final Reopened reopened)
            throws Exception {
        Status first = app.emitted("one");
        app.emitted("two");
        app.emitted("three");
        String chaincode = app.contract.getChaincodeName();
        try (var stream = app.network.newChaincodeEventsRequest(chaincode)
                .startBlock(first.getBlockNumber()).checkpoint(at).build().getEvents()) {
            for (int i = 0; i < 2; ++i) at.checkpointChaincodeEvent(Streams.next(stream));
        }
        var request = app.network.newChaincodeEventsRequest(chaincode).checkpoint(reopened.again()).build();
        return Streams.firstOf(request.getEvents(), event -> equal(summary(event), "three: about three"));
    }

    private static Object ofOneChaincode(final Application app) throws Exception {
        Status status = app.assets.newProposal("CreateAsset").addArguments("event", "red", "3", "ann", "7").build()
                .endorse().submitAsync().getStatus();
        app.emitted("after");
        List<Object> saw = new ArrayList<>();
        for (String name : List.of(app.assets.getChaincodeName(), app.contract.getChaincodeName())) {
            saw.add(Streams.firstOf(opened(app, name, status.getBlockNumber()), ChaincodeEvent::getEventName));
        }
        return equal(saw, List.<Object>of("stored", "after"));
    }

    private static Object end(final Application app) throws Exception {
        Streams.End end = Streams.closed(opened(app, app.contract.getChaincodeName(), 0));
        return Expect.failed(end.exception(), "GatewayRuntimeException", "CANCELLED", "");
    }
}
