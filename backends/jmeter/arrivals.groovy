// The arrivals of an open load, handed to users when their moments come; users are as many as needed, up to a bound.
class Arrivals {
    private long start
    final line
    final int most
    final int shard
    final int shards
    private final waiting = new java.util.concurrent.LinkedBlockingQueue()
    private final running = new java.util.concurrent.atomic.AtomicInteger()
    private int count
    private int threads = 1
    private volatile group
    private final users = new java.util.concurrent.ConcurrentHashMap()

    Arrivals(line, int most, int shard, int shards) {
        this.line = line
        this.most = Math.max((most - shard).intdiv(shards) + 1, 1) // the bound is shared too
        this.shard = shard
        this.shards = shards
    }

    // The number of an arrival for a user that has nothing to do; null when there will be no more.
    Integer take(ctx) {
        group = ctx.threadGroup
        users.put(ctx.thread, true)
        def number = waiting.take()
        number < 0 ? null : number
    }

    void leave() { running.decrementAndGet() }

    // Hands out arrivals until one has to be dropped (true) or the last one has come (false).
    boolean handOut(ctx) {
        while (group == null) Thread.sleep(1)
        start = ctx.properties.get('loadStart').call(ctx.variables)
        for (def moment = line.nextArrival(); moment != null; moment = line.nextArrival()) {
            def number = count++
            if (number % shards != shard - 1) continue // another process has it
            Thread.sleep(Math.max(0L, start + (moment as long) - System.currentTimeMillis()))
            if (running.get() >= most) return true
            waiting.put(number)
            if (running.incrementAndGet() > threads) {
                threads++
                group.addNewThread(0, ctx.engine)
            }
        }
        false
    }

    // Waits until the last iterations have ended, but not for ever, and sends the users home.
    void end(long graceful) {
        def latest = System.currentTimeMillis() + graceful
        while (running.get() > 0 && System.currentTimeMillis() < latest) Thread.sleep(10)
        if (running.get() > 0) {
            // their names tell who reads the results that their last samples count for nothing
            users.keySet().each { it.threadName += ' interrupted' }
            group.tellThreadsToStop()
        }
        threads.times { waiting.put(-1) }
    }
}

props.put('arrivals', { line, int most, int shard, int shards -> new Arrivals(line, most, shard, shards) })
SampleResult.setIgnore() // nothing to report
