package ccbus.example.stock.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;

/** An identity and what signs for it; null: nothing does. */
record User(Identity identity, Signer signer) {
    /** Reads PREFIX_MSP_ID and the folders PREFIX_CERT_DIRECTORY_PATH and PREFIX_KEY_DIRECTORY_PATH. */
    static User read(final Map<String, String> variables, final String prefix)
            throws IOException, GeneralSecurityException {
        String certificate = onlyFile(variables.get(prefix + "CERT_DIRECTORY_PATH"));
        String key = onlyFile(variables.get(prefix + "KEY_DIRECTORY_PATH"));
        return new User(
                new X509Identity(variables.get(prefix + "MSP_ID"), Identities.readX509Certificate(certificate)),
                Signers.newPrivateKeySigner(Identities.readPrivateKey(key)));
    }

    private static String onlyFile(final String folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(Path.of(folder))) {
            files = listed.toList();
        }
        if (files.size() != 1) throw new IOException("%s has %d files".formatted(folder, files.size()));
        return Files.readString(files.get(0));
    }

    String mspId() {
        return identity.getMspId();
    }

    /** The same identity without what signs for it. */
    User withoutSigner() {
        return new User(identity, null);
    }

    /** The same identity with another one's key. */
    User with(final Signer otherSigner) {
        return new User(identity, otherSigner);
    }
}
