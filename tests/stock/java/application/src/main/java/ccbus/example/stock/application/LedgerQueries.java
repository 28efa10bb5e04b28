package ccbus.example.stock.application;

import static ccbus.example.stock.application.Expect.equal;

import java.util.HexFormat;
import java.util.List;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Asks the system chaincode that reads the ledger, as a REST server of fabric-samples does. */
final class LedgerQueries {
    static final List<Check> CHECKS = List.of(
            new Check("qscc: GetChainInfo", LedgerQueries::chainInfo),
            new Check("qscc: GetBlockByNumber", app ->
                    equal(block(app, "GetBlockByNumber", "1").getHeader().getNumber(), 1L)),
            new Check("qscc: GetBlockByTxID", LedgerQueries::blockByTransactionId),
            new Check("qscc: GetTransactionByID", LedgerQueries::transactionById));

    private LedgerQueries() {}

    private static byte[] asked(final Application app, final String function, final String... args) throws Exception {
        return app.network.getContract("qscc").newProposal(function)
                .addArguments(app.network.getName()).addArguments(args).build().evaluate();
    }

    private static Block block(final Application app, final String function, final String argument) throws Exception {
        return Block.parseFrom(asked(app, function, argument));
    }

    private static Object chainInfo(final Application app) throws Exception {
        Status status = app.emitted("chain info");
        BlockchainInfo info = BlockchainInfo.parseFrom(asked(app, "GetChainInfo"));
        equal(info.getHeight(), status.getBlockNumber() + 1);
        Block last = block(app, "GetBlockByNumber", Long.toString(status.getBlockNumber()));
        String hash = HexFormat.of().formatHex(info.getCurrentBlockHash().toByteArray());
        return equal(hash, Envelopes.hashOf(last.getHeader())).length();
    }

    private static Object blockByTransactionId(final Application app) throws Exception {
        Status status = app.emitted("block by id");
        equal(
                block(app, "GetBlockByTxID", status.getTransactionId()).getHeader().getNumber(),
                status.getBlockNumber());
        return null;
    }

    private static Object transactionById(final Application app) throws Exception {
        Status status = app.emitted("transaction by id");
        ProcessedTransaction processed =
                ProcessedTransaction.parseFrom(asked(app, "GetTransactionByID", status.getTransactionId()));
        Payload payload = Payload.parseFrom(processed.getTransactionEnvelope().getPayload());
        ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        equal(header.getTxId(), status.getTransactionId());
        return equal(processed.getValidationCode(), TxValidationCode.VALID_VALUE);
    }
}
