// How many users there are, or how many arrivals a second, over time: pieces of [start, end, first level, last level].
class Line {
    final List pieces
    private int piece
    private int number
    private BigDecimal before = 0

    // Pieces stretched to a length in milliseconds and a highest level.
    Line(List pieces, BigDecimal length, BigDecimal highest) {
        def end = pieces.last()[1]
        def top = pieces.collectMany { [it[2], it[3]] }.max() ?: 1
        this.pieces = pieces.collect { [it[0] * length / end, it[1] * length / end, it[2] * highest / top, it[3] * highest / top] }
    }

    // When a user, counted from 0, is there: while the line is above its number.
    List presence(int user) {
        def spans = []
        pieces.each { start, end, first, last ->
            def from = first - user
            def to = last - user
            if (from <= 0 && to <= 0) return
            def crossing = from == to ? end : start + (end - start) * from / (from - to)
            def span = from > 0 && to >= 0 ? [start, end] : from > 0 ? [start, crossing] : [crossing, end]
            if (spans && spans.last()[1] >= span[0]) spans.last()[1] = span[1]
            else spans << span
        }
        spans
    }

    // The moment of the next arrival in milliseconds; null after the last one.
    BigDecimal nextArrival() {
        for (; piece < pieces.size(); piece++) {
            def (start, end, first, last) = pieces[piece]
            def seconds = (end - start) / 1000.0
            def area = (first + last) * seconds / 2
            if (number < before + area) return start + 1000 * within(first as double, last as double, seconds as double)
            before += area
        }
        null
    }

    // Seconds into a piece at which the area under it is what is missing up to the next arrival.
    private double within(double first, double last, double seconds) {
        def area = (number++ - before) as double
        def slope = (last - first) / seconds
        slope ? (Math.sqrt(Math.max(first * first + 2 * slope * area, 0d)) - first) / slope : area / first
    }
}

props.put('line', { List pieces, length, highest -> new Line(pieces, length as BigDecimal, highest as BigDecimal) })
SampleResult.setIgnore() // nothing to report
