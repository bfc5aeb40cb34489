// The life of a virtual user: its journey's setup once, iterations, the teardown once; and perhaps another life after that.
import java.util.concurrent.ConcurrentLinkedQueue

// What the users of a workload share: when it begins, and their threads.
class Workload {
    final long start
    final threads = new ConcurrentLinkedQueue()

    Workload(long start) { this.start = start }

    // Ends what still runs. The threads' names tell who reads the results that their last samples count for nothing.
    void interrupt(group) {
        threads.each { it.threadName += ' interrupted' }
        group.tellThreadsToStop()
    }
}

class VirtualUser {
    final Map load      // what its workload is like
    int number          // from 0; each arrival of an open load is a user of its own
    int iteration       // from 0
    String part         // setup, iteration or teardown; null when there is nothing left to do

    private final ctx
    private final vars
    private final Map props
    private final long start
    private List spans  // when it is there: milliseconds from the start, null for no end
    private boolean stopped
    private before      // the sample before this part
    private long began
    private Map places  // where it is in the rows that it goes through on its own

    VirtualUser(Map load, ctx, Map props) {
        this.load = load
        this.number = ctx.threadNum * load.shards + load.shard - 1
        this.spans = new ArrayList(load.spans.call(number))
        this.ctx = ctx
        this.vars = ctx.variables
        this.props = props
        this.start = begun()
    }

    // Begins the next part, or ends the thread.
    void next() {
        stopped = vars.remove('load.user.stopped') != null
        try {
            part = following()
            while (part in ['setup', 'iteration'] && !prepare()) {
                stopped = true
                part = part == 'setup' || (iteration == 0 && !load.setup) ? newLife() : following()
            }
        } catch (InterruptedException timeIsUp) {
            part = null
        }
        if (part == null) {
            ctx.thread.stop()
            return
        }
        if (part == 'teardown') draw()
        before = ctx.previousResult
        vars.put('load.part', part)
    }

    // When the workload begins. Its first user sees to it that what still runs some time after the end is interrupted.
    private long begun() {
        long start = props.get('loadStart').call(vars)
        def workload = props.computeIfAbsent('load.users.' + load.name + '.' + vars.get('TESTSTART.MS')) {
            def shared = new Workload(start)
            def group = ctx.threadGroup
            def interrupt = { shared.interrupt(group) } as TimerTask
            if (load.length != null) new Timer(load.name, true).schedule(interrupt, new Date((start + load.length + load.graceful) as long))
            shared
        }
        workload.threads.add(ctx.thread)
        workload.start
    }

    private String following() {
        if (part == null) return live()
        if (part == 'teardown' || (part == 'setup' && hasFailed())) return newLife()
        def now = System.currentTimeMillis()
        def due = iteration < 0 ? now : Math.max(now, began + load.pacing)
        def wasLast = load.iterations != null && iteration + 1 >= load.iterations
        if (stopped || wasLast || isOver(due)) return load.teardown ? 'teardown' : newLife()
        sleepUntil(due)
        iterate()
    }

    private String iterate() {
        began = System.currentTimeMillis()
        iteration++
        'iteration'
    }

    private boolean hasFailed() {
        def last = ctx.previousResult
        last != null && !last.is(before) && !last.successful
    }

    private boolean isOver(long moment) {
        spans[0][1] != null && moment >= start + spans[0][1]
    }

    private String newLife() {
        vars.entrySet().collect { it.key }.findAll { it.startsWith('load.counter.') }.each { vars.remove(it) }
        vars.put('load.cookies', 'old')
        if (load.arrivals) load.arrivals.leave()
        else spans.remove(0)
        live()
    }

    private String live() {
        if (load.arrivals) {
            def arrival = load.arrivals.take(ctx)
            if (arrival == null) return null
            number = arrival
        } else {
            if (!spans) return null
            sleepUntil((start + spans[0][0]) as long)
            if (isOver(System.currentTimeMillis())) return newLife()
        }
        iteration = -1
        stopped = false
        places = [:]
        load.setup ? 'setup' : iterate()
    }

    private void sleepUntil(long moment) {
        Thread.sleep(Math.max(0L, moment - System.currentTimeMillis()))
    }

    // Gives the part what it needs before its first variable is set; false when there is no row left.
    private boolean prepare() {
        vars.put('load.user.number', (number + 1).toString())
        vars.put('load.user.iteration', (iteration + 1).toString())
        if (part == 'iteration' && !load.keepsCookies) vars.put('load.cookies', 'old')
        draw()
        load.data.every { source, variables, place ->
            def row = props.get(source).take(place ? place.call(number) : number, places, vars.getObject('load.random'))
            if (row) [variables, row].transpose().each { name, value -> vars.put(name, value) }
            row != null
        }
    }

    private void draw() {
        if (!load.random) return
        def key = [vars.get('load.random.seed'), load.journey, number, part == 'iteration' ? iteration : part].join(':')
        vars.putObject('load.random', props.get('randomNumbers').call(key))
    }
}

// All workloads of a run begin together, when their first users have had the time to come.
props.put('loadStart', { vars ->
    props.computeIfAbsent('load.start.' + vars.get('TESTSTART.MS')) { System.currentTimeMillis() + 500 }
})
props.put('virtualUser', { Map load, ctx -> new VirtualUser(load, ctx, props) })
SampleResult.setIgnore() // nothing to report
