import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;

/** Like the application of fabric-samples it has its endpoint and its folders in its code. */
public final class App {
    private static final String CHANNEL_NAME = System.getenv().getOrDefault("CHANNEL_NAME", "mychannel");
    private static final String CHAINCODE_NAME = System.getenv().getOrDefault("CHAINCODE_NAME", "basic");
    private static final String PEER_ENDPOINT = "localhost:7051";
    private static final String OVERRIDE_AUTH = "peer0.org1.example.com";
    private static final Path CRYPTO_PATH =
            Path.of("../../test-network/organizations/peerOrganizations/org1.example.com");
    private static final Path USER = CRYPTO_PATH.resolve("users/User1@org1.example.com/msp");
    private static final Path TLS_CERT_PATH = CRYPTO_PATH.resolve("peers/peer0.org1.example.com/tls/ca.crt");

    private final Contract contract;
    private final String assetId = "asset" + Instant.now().toEpochMilli();

    private App(final Gateway gateway) {
        contract = gateway.getNetwork(CHANNEL_NAME).getContract(CHAINCODE_NAME);
    }

    public static void main(final String[] args) throws Exception {
        ManagedChannel channel = newGrpcConnection();
        Gateway.Builder builder = Gateway.newInstance()
                .identity(newIdentity())
                .signer(newSigner())
                .connection(channel)
                .evaluateOptions(options -> options.withDeadlineAfter(5, TimeUnit.SECONDS))
                .endorseOptions(options -> options.withDeadlineAfter(15, TimeUnit.SECONDS));
        try (Gateway gateway = builder.connect()) {
            new App(gateway).run();
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static ManagedChannel newGrpcConnection() throws IOException {
        var credentials = TlsChannelCredentials.newBuilder().trustManager(TLS_CERT_PATH.toFile()).build();
        return Grpc.newChannelBuilder(PEER_ENDPOINT, credentials).overrideAuthority(OVERRIDE_AUTH).build();
    }

    private static Identity newIdentity() throws IOException, CertificateException {
        return new X509Identity("Org1MSP", Identities.readX509Certificate(firstFile(USER.resolve("signcerts"))));
    }

    private static Signer newSigner() throws IOException, InvalidKeyException {
        return Signers.newPrivateKeySigner(Identities.readPrivateKey(firstFile(USER.resolve("keystore"))));
    }

    private static String firstFile(final Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    private void run() throws Exception {
        contract.submitTransaction("InitLedger");
        contract.submitTransaction("CreateAsset", assetId, "yellow", "5", "Tom", "1300");
        transferAssetAsync();
        System.out.println("asset: " + text(contract.evaluateTransaction("ReadAsset", assetId)));
        System.out.println("assets: " + text(contract.evaluateTransaction("GetAllAssets")));
        try {
            contract.submitTransaction("UpdateAsset", "asset70", "blue", "5", "Tomoko", "300");
            throw new IllegalStateException("asset70 was updated");
        } catch (EndorseException e) {
            String details = e.getDetails().stream()
                    .map(each -> each.getMspId() + ": " + each.getMessage())
                    .collect(Collectors.joining());
            System.out.println("as expected: " + details);
        }
    }

    /** Submits a transfer, and goes on before it is committed. */
    private void transferAssetAsync() throws Exception {
        SubmittedTransaction commit = contract.newProposal("TransferAsset")
                .addArguments(assetId, "Saptha")
                .build()
                .endorse()
                .submitAsync();
        System.out.printf("transferring %s from %s to Saptha%n", assetId, text(commit.getResult()));
        Status status = commit.getStatus();
        if (!status.isSuccessful()) {
            throw new IllegalStateException(status.getTransactionId() + " has failed with status " + status.getCode());
        }
    }

    private static String text(final byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
