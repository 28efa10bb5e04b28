package ccbus.example.stock.application;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * An application on the stock client library of Fabric Gateway that does everything that the library offers. It prints
 * one JSON line for each check of ../../application/features.json and ends with status 1 if one has failed. The
 * variables that say where and as whom are those of the applications of fabric-samples.
 *
 * <p>Both chaincodes of ../../go run on the channel, with the collections of ../../ledger-contract, and nobody else
 * uses it.
 */
final class Main {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private Main() {}

    private record Outcome(String check, boolean ok, Object saw, String error) {}

    public static void main(final String[] args) throws Exception {
        boolean failed = false;
        ExecutorService executor = Executors.newCachedThreadPool();
        try (Application application = new Application(System.getenv())) {
            List<Check> checks = Stream.of(
                            Transactions.CHECKS, Offline.CHECKS, Events.CHECKS, Blocks.CHECKS, Errors.CHECKS,
                            Deadlines.CHECKS, LedgerQueries.CHECKS, Connections.CHECKS)
                    .flatMap(List::stream)
                    .toList();
            for (Check check : checks) {
                Outcome outcome = perform(executor, application, check);
                failed = failed || !outcome.ok();
                System.out.println(JSON.toJson(outcome));
            }
        }
        System.exit(failed ? 1 : 0); // A check that hangs, and streams of the library, have threads.
    }

    /** Gives a check that hangs one minute. */
    private static Outcome perform(
            final ExecutorService executor, final Application application, final Check check) throws Exception {
        try {
            Object saw = executor.submit(() -> check.action().run(application)).get(1, TimeUnit.MINUTES);
            return new Outcome(check.name(), true, saw, null);
        } catch (ExecutionException e) {
            return new Outcome(check.name(), false, null, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            return new Outcome(check.name(), false, null, "it has not ended within a minute");
        }
    }
}
