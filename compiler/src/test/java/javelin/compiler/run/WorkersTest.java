package javelin.compiler.run;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    private record Chunk(int step, int from, int to) { }

    @Test void chunksAreTheSameForEveryNumberOfThreads() {
        var expected = Set.of(new Chunk(7, 3, 13), new Chunk(7, 13, 23), new Chunk(7, 23, 30));
        for (int threads = 1; threads <= 5; threads++) {
            var chunks = new ConcurrentLinkedQueue<Chunk>();
            Workers.run((step, from, to) -> chunks.add(new Chunk(step, from, to)), 7, 3, 30, 10, threads);
            assertEquals(3, chunks.size(), threads + " threads");
            assertEquals(expected, Set.copyOf(chunks));
        }
    }

    @Test void oneThreadGoesInOrder() {
        var starts = new ArrayList<Integer>();
        Workers.run((step, from, to) -> starts.add(from), 0, 0, 10, 3, 1);
        assertEquals(List.of(0, 3, 6, 9), starts);
    }

    @Test void anEmptyRangeIsNoCall() {
        Workers.run((step, from, to) -> fail("called"), 0, 5, 5, 1, 4);
        Workers.run((step, from, to) -> fail("called"), 0, 5, 2, 1, 4);
    }

    @Test void rangesNearTheLargestIntegerDoNotOverflow() {
        var chunks = new ConcurrentLinkedQueue<Chunk>();
        Workers.run((step, from, to) -> chunks.add(new Chunk(step, from, to)), 0, 0, Integer.MAX_VALUE, 1 << 30, 3);
        assertEquals(Set.of(new Chunk(0, 0, 1 << 30), new Chunk(0, 1 << 30, Integer.MAX_VALUE)), Set.copyOf(chunks));
    }

    @Test void everyElementIsDoneOnceInThousandsOfShortTasks() {
        int[] x = new int[1000];
        for (int round = 1; round <= 5000; round++) {
            Workers.run((step, from, to) -> {
                for (int i = from; i < to; i++) x[i] += step;
            }, round, 0, x.length, 64, 3);
        }
        for (int i = 0; i < x.length; i++) assertEquals(5000 * 5001 / 2, x[i]);
    }

    @Test void severalThreadsTakePart() {
        var both = new CountDownLatch(2);
        Workers.run((step, from, to) -> {
            both.countDown();
            try {
                assertTrue(both.await(30, TimeUnit.SECONDS), "the other chunk never started");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }, 0, 0, 2, 1, 2);
    }

    @Test void workersComeBackAfterTheyParked() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            Thread.sleep(20);
            severalThreadsTakePart();
        }
    }

    @Test void anExceptionArrivesAfterAllChunksEnded() {
        for (int threads = 1; threads <= 3; threads++) {
            var done = new AtomicInteger();
            int count = threads;
            var e = assertThrows(IllegalStateException.class, () -> Workers.run((step, from, to) -> {
                done.incrementAndGet();
                if (from == 4) throw new IllegalStateException("chunk at " + from);
            }, 0, 0, 40, 4, count));
            assertEquals("chunk at 4", e.getMessage());
            assertEquals(10, done.get());
        }
        everyElementIsDoneOnceInThousandsOfShortTasks();
    }

    @Test void moreExceptionsAreSuppressedByTheFirst() {
        for (int threads : new int[] {1, 3}) {
            var e = assertThrows(IllegalStateException.class, () ->
                Workers.run((step, from, to) -> {
                    throw new IllegalStateException("at " + from);
                }, 0, 0, 5, 1, threads));
            assertEquals(4, e.getSuppressed().length);
        }
    }

    @Test void aTaskMayStartATask() {
        var count = new AtomicInteger();
        Workers.run((step, from, to) ->
            Workers.run((inner, first, last) -> count.addAndGet(last - first), 1, 0, 100, 7, 4), 0, 0, 6, 1, 4);
        assertEquals(600, count.get());
    }

    @Test void callersFromEightThreadsGetTheirOwnWorkDone() throws InterruptedException {
        var failures = ConcurrentHashMap.<Throwable>newKeySet();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < 500; round++) {
                        int size = 1 + (seed * 131 + round) % 300;
                        var hits = new AtomicIntegerArray(size);
                        int expected = round;
                        Workers.run((step, from, to) -> {
                            assertEquals(expected, step);
                            for (int i = from; i < to; i++) hits.incrementAndGet(i);
                        }, round, 0, size, 7, 4);
                        for (int i = 0; i < size; i++) assertEquals(1, hits.get(i));
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread t : threads) t.join();
        assertEquals(Set.of(), failures);
    }

    @Test void workersDoNotKeepTheProcessAlive() {
        everyElementIsDoneOnceInThousandsOfShortTasks();
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().startsWith("javelin-worker")).toList();
        assertFalse(workers.isEmpty());
        for (Thread worker : workers) assertTrue(worker.isDaemon(), worker.getName());
    }
}
