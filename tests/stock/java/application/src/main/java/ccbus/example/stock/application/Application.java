package ccbus.example.stock.application;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.identity.Identities;

/** The connection, the users, and what the first one of them sees. */
final class Application implements AutoCloseable {
    final ManagedChannel connection;
    final User user; // Of the organisation that MSP_ID names.
    final User other; // Of the organisation that OTHER_MSP_ID names.
    final User stranger; // Of an organisation that the channel does not have.
    final Gateway gateway;
    final Network network;
    final Contract contract; // The one on the shim, CHAINCODE_NAME.
    final Contract assets; // The default contract of ASSETS_NAME.
    private final byte[] tlsHash; // Of the application's own TLS certificate; null: it has none.

    /** Something that is done with a further gateway, its network and its contract. */
    @FunctionalInterface
    interface Use {
        Object with(Contract contract, Network network, Gateway gateway) throws Exception;
    }

    Application(final Map<String, String> variables) throws IOException, GeneralSecurityException {
        connection = dial(variables);
        tlsHash = tlsHashOf(variables);
        user = User.read(variables, "");
        other = User.read(variables, "OTHER_");
        stranger = User.read(variables, "STRANGER_");
        gateway = builder(user).connect();
        network = gateway.getNetwork(variables.get("CHANNEL_NAME"));
        contract = network.getContract(variables.get("CHAINCODE_NAME"));
        assets = network.getContract(variables.get("ASSETS_NAME"));
    }

    /** Uses TLS if TLS_CERT_PATH names the certificate of a CA, and shows the certificate of TLS_CLIENT_CERT_PATH. */
    private static ManagedChannel dial(final Map<String, String> variables) throws IOException {
        String root = variables.get("TLS_CERT_PATH");
        String own = variables.get("TLS_CLIENT_CERT_PATH");
        ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder(
                variables.get("PEER_ENDPOINT"), root == null ? InsecureChannelCredentials.create()
                        : credentials(root, own, variables.get("TLS_CLIENT_KEY_PATH")));
        if (root != null) builder.overrideAuthority(variables.get("PEER_HOST_ALIAS"));
        return builder.build();
    }

    private static ChannelCredentials credentials(final String root, final String own, final String key)
            throws IOException {
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder().trustManager(new File(root));
        if (own != null) builder.keyManager(new File(own), new File(key));
        return builder.build();
    }

    private static byte[] tlsHashOf(final Map<String, String> variables)
            throws IOException, GeneralSecurityException {
        String own = variables.get("TLS_CLIENT_CERT_PATH");
        if (own == null) return null;
        return Hash.SHA256.apply(Identities.readX509Certificate(Files.readString(Path.of(own))).getEncoded());
    }

    private Gateway.Builder builder(final User as) {
        Gateway.Builder builder = Gateway.newInstance().connection(connection).identity(as.identity());
        if (as.signer() != null) builder.signer(as.signer());
        if (tlsHash != null) builder.tlsClientCertificateHash(tlsHash);
        return builder;
    }

    /** Connects one more gateway over the same connection. */
    Object as(final User as, final UnaryOperator<Gateway.Builder> options, final Use use) throws Exception {
        try (Gateway another = options.apply(builder(as)).connect()) {
            Network seen = another.getNetwork(network.getName());
            return use.with(seen.getContract(contract.getChaincodeName()), seen, another);
        }
    }

    Object as(final User as, final Use use) throws Exception {
        return as(as, builder -> builder, use);
    }

    /** The user's identity with the key of somebody else. */
    User forged() {
        return user.with(other.signer());
    }

    /** Submits a transaction with an event, and returns its status. */
    Status emitted(final String name) throws Exception {
        return submitted("emit", name);
    }

    Status submitted(final String function, final String... args) throws Exception {
        return contract.newProposal(function).addArguments(args).build().endorse().submitAsync().getStatus();
    }

    @Override
    public void close() {
        gateway.close();
        connection.shutdownNow();
    }
}
