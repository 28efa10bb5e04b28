package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;
import static ccbus.example.stock.application.Expect.isTrue;
import static ccbus.example.stock.application.Expect.text;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.hyperledger.fabric.client.EventsBuilder;
import org.hyperledger.fabric.client.InMemoryCheckpointer;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.FilteredTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

final class Blocks {
    static final List<Check> CHECKS = List.of(
            new Check("blocks from a block on, as a chain of hashes", Blocks::fromBlock),
            new Check("blocks from now on", Blocks::fromNow),
            new Check("blocks after a checkpoint", app ->
                    afterCheckpoint(app, Network::newBlockEventsRequest, Streams::blockIs)),
            new Check("filtered blocks from a block on", Blocks::filteredFromBlock),
            new Check("filtered blocks after a checkpoint", app ->
                    afterCheckpoint(app, Network::newFilteredBlockEventsRequest, Streams::filteredBlockIs)),
            new Check("blocks with private data from a block on", Blocks::privateFromBlock),
            new Check("blocks with private data after a checkpoint", app -> afterCheckpoint(
                    app, Network::newBlockAndPrivateDataEventsRequest, Streams::blockAndPrivateDataIs)),
            new Check("block events end when they are closed", Blocks::end));

    private Blocks() {}

    private static Object fromBlock(final Application app) throws Exception {
        Status first = app.emitted("block");
        app.emitted("next block");
        try (var stream =
                app.network.newBlockEventsRequest().startBlock(first.getBlockNumber()).build().getEvents()) {
            Block block = Streams.next(stream);
            Block after = Streams.next(stream);
            equal(block.getHeader().getNumber(), first.getBlockNumber());
            equal(
                    HexFormat.of().formatHex(after.getHeader().getPreviousHash().toByteArray()),
                    Envelopes.hashOf(block.getHeader()));
            byte[] codes = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE).toByteArray();
            return equal(
                    List.of(block.getData().getDataCount(), codes.length, (int) codes[0]), List.of(1, 1, 0));
        }
    }

    private static Object fromNow(final Application app) throws Exception {
        try (var stream = app.network.getBlockEvents()) {
            Status first = app.emitted("now");
            Future<Block> block = Streams.started(stream::next);
            // The stream may have begun after the first block. Then there are more.
            for (int i = 0; i < 20 && !block.isDone(); ++i) app.emitted("more");
            isTrue(Streams.soon(block).getHeader().getNumber() >= first.getBlockNumber(), "a block from before");
            return null;
        }
    }

    /** Opens a stream after a block that was dealt with, and looks at the one that comes first. */
    private static <T> Object afterCheckpoint(
            final Application app, final Function<Network, EventsBuilder<T>> request,
            final LongFunction<Streams.Look<T>> isBlock)
            throws Exception {
        Status first = app.emitted("dealt with");
        app.emitted("not yet dealt with");
        InMemoryCheckpointer checkpoint = new InMemoryCheckpointer();
        checkpoint.checkpointBlock(first.getBlockNumber());
        Streams.firstOf(
                request.apply(app.network).startBlock(0).checkpoint(checkpoint).build().getEvents(),
                isBlock.apply(first.getBlockNumber() + 1));
        return "the block after";
    }

    /** It has the transaction's id, type, code and event, and no payload. */
    private static Object filteredFromBlock(final Application app) throws Exception {
        Status first = app.emitted("filtered");
        var request = app.network.newFilteredBlockEventsRequest().startBlock(first.getBlockNumber()).build();
        return Streams.firstOf(request.getEvents(), block -> {
            equal(block.getNumber(), first.getBlockNumber());
            equal(block.getFilteredTransactionsCount(), 1);
            FilteredTransaction transaction = block.getFilteredTransactions(0);
            equal(transaction.getTxid(), first.getTransactionId());
            ChaincodeEvent event = transaction.getTransactionActions().getChaincodeActions(0).getChaincodeEvent();
            return equal(
                    List.<Object>of(
                            block.getChannelId(), transaction.getType(), transaction.getTxValidationCode(),
                            event.getEventName(), text(event.getPayload().toByteArray())),
                    List.<Object>of(
                            app.network.getName(), HeaderType.ENDORSER_TRANSACTION, TxValidationCode.VALID, "filtered",
                            ""));
        });
    }

    private static Object privateFromBlock(final Application app) throws Exception {
        Status status = app.contract
                .newProposal("putPrivate")
                .addArguments("ours", "block")
                .putTransient("value", "in no block")
                .build()
                .endorse()
                .submitAsync()
                .getStatus();
        var request = app.network.newBlockAndPrivateDataEventsRequest().startBlock(status.getBlockNumber()).build();
        return Streams.firstOf(request.getEvents(), block -> equal(
                Envelopes.privateWritesOf(block.getPrivateDataMapOrThrow(0)),
                List.of(app.contract.getChaincodeName() + " ours block: in no block")));
    }

    private static Object end(final Application app) throws Exception {
        Network network = app.network;
        Streams.closed(network.newBlockEventsRequest().startBlock(0).build().getEvents());
        Streams.closed(network.newFilteredBlockEventsRequest().startBlock(0).build().getEvents());
        Streams.closed(network.newBlockAndPrivateDataEventsRequest().startBlock(0).build().getEvents());
        return null;
    }
}
