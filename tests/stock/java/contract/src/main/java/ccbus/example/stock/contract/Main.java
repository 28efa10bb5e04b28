package ccbus.example.stock.contract;

import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;

/**
 * A chaincode on the stock shim. It has the functions of ../../go/contract, as far as this shim has what they use,
 * with equal results, so that the stories of ../../stories are told of it too.
 *
 * <p>It connects to the peer that --peer.address names, under each name that CHAINCODES has, or under
 * CORE_CHAINCODE_ID_NAME. With CHAINCODE_SERVER_ADDRESS it waits for the peer to connect.
 */
final class Main {
    private Main() {}

    public static void main(final String[] args) throws Exception {
        String address = System.getenv("CHAINCODE_SERVER_ADDRESS");
        String names = System.getenv("CHAINCODES");
        if (address != null) {
            new StockContract().serve(properties(address));
        } else if (names == null) {
            new StockContract().start(args);
        } else {
            for (String name : names.split(",")) {
                String[] named = Stream.concat(Stream.of(args), Stream.of("--id", name)).toArray(String[]::new);
                new StockContract().start(named);
            }
        }
    }

    /** Reads the variables that chaincode services of fabric-samples have. */
    private static ChaincodeServerProperties properties(final String address) {
        ChaincodeServerProperties properties = new ChaincodeServerProperties();
        int colon = address.lastIndexOf(':');
        properties.setServerAddress(new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        String connectionAge = System.getenv("CONNECTION_AGE_SECONDS");
        if (connectionAge != null) properties.setMaxConnectionAgeSeconds(Integer.parseInt(connectionAge));
        String key = System.getenv("CHAINCODE_TLS_KEY");
        if (key == null) return properties;
        properties.setTlsEnabled(true);
        properties.setKeyFile(key);
        properties.setKeyCertChainFile(System.getenv("CHAINCODE_TLS_CERT"));
        properties.setTrustCertCollectionFile(System.getenv("CHAINCODE_CLIENT_CA_CERT"));
        return properties;
    }
}
