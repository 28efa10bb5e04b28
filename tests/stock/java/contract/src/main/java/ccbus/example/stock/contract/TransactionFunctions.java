package ccbus.example.stock.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.hyperledger.fabric.contract.ClientIdentity;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.json.JSONObject;

final class TransactionFunctions {
    static final Map<String, Function> ALL = Map.of(
            "context", TransactionFunctions::context,
            "client", TransactionFunctions::client,
            "signedProposal", TransactionFunctions::signedProposal,
            "transient", TransactionFunctions::transientPairs,
            "misuse", Misuse::misuse,
            "emit", TransactionFunctions::emit,
            "writeAndFail", TransactionFunctions::writeAndFail,
            "hold", TransactionFunctions::hold,
            "processId", (stub, args) -> ProcessHandle.current().pid());

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");

    private TransactionFunctions() {}

    private static String base64(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns what the stub knows about the transaction without asking the peer. */
    private static Object context(final ChaincodeStub stub, final List<String> args) {
        return new JSONObject()
                .put("txId", stub.getTxId())
                .put("channelId", stub.getChannelId())
                .put("functionAndParameters", Map.of("fcn", stub.getFunction(), "params", stub.getParameters()))
                .put("args", stub.getStringArgs())
                .put("stringArgs", stub.getStringArgs())
                .put("bufferArgs", stub.getArgs().stream().map(TransactionFunctions::base64).toList())
                .put("localMspId", stub.getMspId())
                .put("seconds", stub.getTxTimestamp().getEpochSecond())
                .put("nanos", stub.getTxTimestamp().getNano())
                .put("date", DATE.format(stub.getTxTimestamp().atOffset(ZoneOffset.UTC)))
                .put("binding", HexFormat.of().formatHex(stub.getBinding()));
    }

    /** Returns the creator according to the stub, to our own decoding and to the shim's ClientIdentity. */
    private static Object client(final ChaincodeStub stub, final List<String> args) throws Exception {
        SerializedIdentity creator = SerializedIdentity.parseFrom(stub.getCreator());
        ClientIdentity identity = new ClientIdentity(stub);
        return new JSONObject()
                .put("creator", Map.of("mspid", creator.getMspid(), "pem", creator.getIdBytes().toStringUtf8()))
                .put("mspId", identity.getMSPID())
                .put("id", identity.getId())
                .put("pem", pemOf(identity.getX509Certificate()))
                .put("attribute", orNull(identity.getAttributeValue("color")))
                .put("hasAttribute", identity.assertAttributeValue("color", "blue"))
                .put("hasOtherValue", identity.assertAttributeValue("color", "red"))
                .put("noAttribute", orNull(identity.getAttributeValue("hf.role")))
                .put("hasNoAttribute", identity.assertAttributeValue("hf.role", "client"))
                .put("contextId", new Context(stub).getClientIdentity().getId());
    }

    private static String pemOf(final X509Certificate certificate) throws CertificateEncodingException {
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n";
    }

    private static Object orNull(final String value) {
        return value == null ? JSONObject.NULL : value;
    }

    private static Object signedProposal(final ChaincodeStub stub, final List<String> args) throws Exception {
        SignedProposal signed = stub.getSignedProposal();
        Header header = Header.parseFrom(Proposal.parseFrom(signed.getProposalBytes()).getHeader());
        ChannelHeader channelHeader = ChannelHeader.parseFrom(header.getChannelHeader());
        SignatureHeader signatureHeader = SignatureHeader.parseFrom(header.getSignatureHeader());
        return Map.of(
                "signature", base64(signed.getSignature().toByteArray()),
                "nonce", base64(signatureHeader.getNonce().toByteArray()),
                "creator", base64(signatureHeader.getCreator().toByteArray()),
                "type", channelHeader.getType(),
                "channelId", channelHeader.getChannelId(),
                "txId", channelHeader.getTxId(),
                "epoch", channelHeader.getEpoch(),
                "binding", HexFormat.of().formatHex(stub.getBinding()));
    }

    private static Object transientPairs(final ChaincodeStub stub, final List<String> args) {
        return stub.getTransient().entrySet().stream()
                .map(entry -> List.of(entry.getKey(), new String(entry.getValue(), UTF_8)))
                .toList();
    }

    private static Object emit(final ChaincodeStub stub, final List<String> args) {
        for (String name : args) stub.setEvent(name, ("about " + name).getBytes(UTF_8));
        stub.putStringState("emitted", stub.getEvent().getEventName());
        return null;
    }

    private static Object writeAndFail(final ChaincodeStub stub, final List<String> args) throws Exception {
        stub.putStringState(args.get(0), "never stored");
        throw new Exception(args.get(1));
    }

    /** Reports to the test that it runs, and never ends. */
    private static Object hold(final ChaincodeStub stub, final List<String> args) throws InterruptedException {
        System.out.println("holding " + stub.getTxId());
        new CountDownLatch(1).await();
        return null;
    }
}
