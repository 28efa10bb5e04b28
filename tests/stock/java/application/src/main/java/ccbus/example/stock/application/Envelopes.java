package ccbus.example.stock.application;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/** What is in the messages of transactions and blocks. */
final class Envelopes {
    private static final int DER_INTEGER = 2;
    private static final int DER_BYTES = 4;
    private static final int DER_SEQUENCE = 0x30;

    private Envelopes() {}

    /** Returns the MSPs of those who have endorsed a transaction. */
    static List<String> endorsersOf(final Transaction transaction) throws InvalidProtocolBufferException {
        PreparedTransaction prepared = PreparedTransaction.parseFrom(transaction.getBytes());
        Payload payload = Payload.parseFrom(prepared.getEnvelope().getPayload());
        List<String> mspIds = new ArrayList<>();
        for (TransactionAction each :
                org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData()).getActionsList()) {
            ChaincodeActionPayload action = ChaincodeActionPayload.parseFrom(each.getPayload());
            for (Endorsement endorsement : action.getAction().getEndorsementsList()) {
                mspIds.add(SerializedIdentity.parseFrom(endorsement.getEndorser()).getMspid());
            }
        }
        return mspIds;
    }

    /** Returns what the next block has to have as the hash of the one before. */
    static String hashOf(final BlockHeader header) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(der(DER_INTEGER, BigInteger.valueOf(header.getNumber()).toByteArray()));
        fields.writeBytes(der(DER_BYTES, header.getPreviousHash().toByteArray()));
        fields.writeBytes(der(DER_BYTES, header.getDataHash().toByteArray()));
        return HexFormat.of().formatHex(Hash.SHA256.apply(der(DER_SEQUENCE, fields.toByteArray())));
    }

    /** An element of DER; nothing here is as long as 128 bytes. */
    private static byte[] der(final int tag, final byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(content.length);
        element.writeBytes(content);
        return element.toByteArray();
    }

    /** Returns the private writes of a transaction, each as a text. */
    static List<String> privateWritesOf(final TxPvtReadWriteSet written) throws InvalidProtocolBufferException {
        List<String> texts = new ArrayList<>();
        for (NsPvtReadWriteSet namespace : written.getNsPvtRwsetList()) {
            for (CollectionPvtReadWriteSet collection : namespace.getCollectionPvtRwsetList()) {
                for (KVWrite write : KVRWSet.parseFrom(collection.getRwset()).getWritesList()) {
                    texts.add("%s %s %s: %s".formatted(
                            namespace.getNamespace(), collection.getCollectionName(), write.getKey(),
                            write.getValue().toStringUtf8()));
                }
            }
        }
        return texts;
    }
}
