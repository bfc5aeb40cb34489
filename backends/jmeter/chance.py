"""Random numbers that are the same for the same seed: a class that the Prepare group defines, a generator per iteration."""

from __future__ import annotations

from loadwright.backends.jmeter.data import used_sources
from loadwright.backends.jmeter.settings import setting, user_variables
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import Choose, Journey, Plan, Receive, Request, Shuffle, Think
from loadwright.compiler.plan.needs import calls_draw
from loadwright.compiler.plan.traverse import AnyNode, journey_nodes

SEED = "load.random.seed"
"""The variable with the run's seed; no name of the Plan has two dots."""


def draws_random(plan: Plan, journey: Journey) -> bool:
    """Whether a user of the journey draws random numbers."""
    drawn = any(source.order == "random" for source in used_sources(plan, journey))
    return drawn or calls_draw(plan, journey) or any(map(_draws, journey_nodes(journey)))


def _draws(node: AnyNode) -> bool:
    match node:
        case Choose() | Shuffle():
            return True
        case Think(minimum=minimum, maximum=maximum):
            return minimum != maximum
        case Request(captures=captures) | Receive(captures=captures):
            return any(capture.select == "random" for capture in captures)
        case _:
            return False


def seed(is_needed: bool) -> tuple[Element, ...]:
    """The variable of the run's seed."""
    if not is_needed:
        return ()
    value = setting("LOADWRIGHT_SEED", "UUID.randomUUID()")
    return user_variables("Random numbers", {SEED: value}, "override with -JLOADWRIGHT_SEED=TEXT, or by the environment")


DEFINITION = """\
// Random numbers (mulberry32) that start from a text (FNV-1a). Kept: vars.getObject('load.random').
@groovy.transform.CompileStatic
class RandomNumbers {
    private int state = (int) 0x811c9dc5L

    RandomNumbers(String key) {
        for (byte b : key.getBytes('UTF-8')) state = (state ^ (b & 0xff)) * 0x01000193
    }

    int draw() {
        state = state + 0x6d2b79f5
        int t = (state ^ (state >>> 15)) * (1 | state)
        t = (t + (t ^ (t >>> 7)) * (61 | t)) ^ t
        t ^ (t >>> 14)
    }

    double unit() {
        long high = (draw() & 0xffffffffL) >>> 5
        long low = (draw() & 0xffffffffL) >>> 6
        ((double) (high * 67108864L + low)) / 9007199254740992d
    }

    long integer(long lowest, long highest) {
        lowest + (long) Math.floor(unit() * (double) (highest - lowest + 1L))
    }

    List shuffled(List values) {
        List order = new ArrayList(values)
        for (int last = order.size() - 1; last > 0; last--) Collections.swap(order, last, (int) integer(0, last))
        order
    }

    String letters(long length, String alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
        StringBuilder found = new StringBuilder()
        for (long i = 0; i < length; i++) found.append(alphabet.charAt((int) integer(0, alphabet.length() - 1)))
        found.toString()
    }

    String pkceVerifier() {
        letters(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    }

    String uuid() {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(16)
        for (int i = 0; i < 4; i++) bytes.putInt(draw())
        long high = (bytes.getLong(0) & ~0xf000L) | 0x4000L
        long low = (bytes.getLong(8) & 0x3fffffffffffffffL) | Long.MIN_VALUE
        new UUID(high, low).toString()
    }
}

props.put('randomNumbers', { String key -> new RandomNumbers(key) })
SampleResult.setIgnore() // nothing to report
"""
