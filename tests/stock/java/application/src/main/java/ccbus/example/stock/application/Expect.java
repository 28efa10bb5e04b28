package ccbus.example.stock.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.TransactionException;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;

final class Expect {
    private Expect() {}

    /** What an exception of the library says. */
    record Failure(String type, String code, String message, List<Detail> details) {
        String all() {
            return Stream.concat(Stream.of(message), details.stream().map(Detail::message))
                    .collect(Collectors.joining("\n"));
        }

        /** Has details, and they say from where. */
        void detailed() {
            isTrue(!details.isEmpty(), "it has no details");
            for (Detail each : details) isTrue(!each.address.isEmpty() && !each.mspId.isEmpty(), "no address or MSP");
        }
    }

    record Detail(String address, String mspId, String message) {}

    static String text(final byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    static void isTrue(final boolean holds, final String otherwise) {
        if (!holds) throw new AssertionError(otherwise);
    }

    /** Returns what was seen, which has to be as wanted. */
    static <T> T equal(final T saw, final T wanted) {
        isTrue(Objects.equals(saw, wanted), "saw %s, wanted %s".formatted(saw, wanted));
        return saw;
    }

    static void contains(final String saw, final String wanted) {
        isTrue(saw.contains(wanted), "wanted '%s' in '%s'".formatted(wanted, saw));
    }

    /** Returns the exception with which an action ends. */
    static Exception rejection(final Callable<?> action) {
        Object result;
        try {
            result = action.call();
        } catch (Exception e) {
            return e;
        }
        throw new AssertionError("it has not failed: " + result);
    }

    static Failure failureOf(final Exception exception) {
        String type = exception.getClass().getSimpleName();
        if (exception instanceof CommitException commit) {
            return new Failure(type, commit.getCode().name(), commit.getMessage(), List.of());
        }
        if (exception instanceof GatewayException call) {
            return failure(type, call.getStatus(), call.getDetails());
        }
        if (exception instanceof GatewayRuntimeException call) {
            return failure(type, call.getStatus(), call.getDetails());
        }
        return new Failure(type, null, String.valueOf(exception.getMessage()), List.of());
    }

    private static Failure failure(final String type, final io.grpc.Status status, final List<ErrorDetail> details) {
        return new Failure(
                type, status.getCode().name(), String.valueOf(status.getDescription()),
                details.stream()
                        .map(each -> new Detail(each.getAddress(), each.getMspId(), each.getMessage()))
                        .toList());
    }

    /** Returns what an exception of this type and code says, in which a text has to be. */
    static Failure failed(final Exception exception, final String type, final String code, final String wanted) {
        Failure saw = failureOf(exception);
        equal(List.of(saw.type, String.valueOf(saw.code)), List.of(type, code));
        contains(saw.all(), wanted);
        return saw;
    }

    static Failure failed(final Callable<?> action, final String type, final String code) {
        return failed(rejection(action), type, code, "");
    }

    static String transactionIdOf(final Exception exception) {
        return ((TransactionException) exception).getTransactionId();
    }
}
