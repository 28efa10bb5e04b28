package ccbus.example.stock.application;

import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.BlockAndPrivateData;
import org.hyperledger.fabric.protos.peer.FilteredBlock;

final class Streams {
    private static final int SECONDS_MAX = 20;
    private static final ExecutorService EXECUTOR = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable);
        thread.setDaemon(true);
        return thread;
    });

    private Streams() {}

    /** Something that is seen in what a stream has. */
    @FunctionalInterface
    interface Look<T> {
        Object at(T received) throws Exception;
    }

    static <T> Future<T> started(final Callable<T> action) {
        return EXECUTOR.submit(action);
    }

    /** Returns a result, or fails after a deadline. */
    static <T> T soon(final Future<T> future) throws Exception {
        try {
            return future.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("nothing has happened for %d s".formatted(SECONDS_MAX), e);
        }
    }

    /** Receives from a stream, which must not have ended. */
    static <T> T next(final Iterator<T> stream) throws Exception {
        return soon(started(stream::next));
    }

    /** Looks at what a stream has first, and closes it. */
    static <T> Object firstOf(final CloseableIterator<T> stream, final Look<T> look) throws Exception {
        try (stream) {
            return look.at(next(stream));
        }
    }

    /** How a stream ended: after how many, and with which exception, if any. */
    record End(int count, Exception exception) {}

    /** Reads a stream to its end. */
    static End drained(final Iterator<?> stream) throws Exception {
        return soon(started(() -> {
            int count = 0;
            try {
                for (; stream.hasNext(); ++count) stream.next();
            } catch (RuntimeException e) {
                return new End(count, e);
            }
            return new End(count, null);
        }));
    }

    /** Closes a stream that has something, and reads it to its end. */
    static End closed(final CloseableIterator<?> stream) throws Exception {
        next(stream);
        stream.close();
        return drained(stream);
    }

    static Look<Block> blockIs(final long number) {
        return block -> Expect.equal(block.getHeader().getNumber(), number);
    }

    static Look<FilteredBlock> filteredBlockIs(final long number) {
        return block -> Expect.equal(block.getNumber(), number);
    }

    static Look<BlockAndPrivateData> blockAndPrivateDataIs(final long number) {
        return block -> blockIs(number).at(block.getBlock());
    }
}
