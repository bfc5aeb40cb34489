// The rows of data sources, and how users take them.
import org.apache.jmeter.save.CSVSaveService
import org.apache.jmeter.services.FileServer

class Rows {
    final List rows
    final String order
    final String sharing
    final boolean recycle
    private int taken

    // Of rows that all users share, each of several processes takes its own.
    Rows(List rows, String order, String sharing, boolean recycle, int shard, int shards) {
        this.rows = sharing == 'per run' ? rows.indices.findAll { it % shards == shard - 1 }.collect { rows[it] } : rows
        this.order = order
        this.sharing = sharing
        this.recycle = recycle
    }

    // A row for a user; null when there is none left.
    List take(int user, Map places, random) {
        if (!rows) return null
        if (order == 'random') return rows[random.integer(0, rows.size() - 1) as int]
        def place = sharing == 'unique per user' ? user : sharing == 'per user' ? next(places) : next()
        recycle ? rows[place % rows.size()] : place < rows.size() ? rows[place] : null
    }

    private synchronized int next() { taken++ }

    private int next(Map places) {
        def place = places.get(this) ?: 0
        places.put(this, place + 1)
        place
    }
}

List csvRows(String path) {
    def rows = []
    FileServer.fileServer.getResolvedFile(path).withReader('UTF-8') { reader ->
        for (def row = CSVSaveService.csvReadFile(reader, ',' as char); row.length; ) {
            rows << (row as List)
            row = CSVSaveService.csvReadFile(reader, ',' as char)
        }
    }
    rows.tail() // without the header line
}

List jsonRows(String path, List columns) {
    def rows = parseJson(FileServer.fileServer.getResolvedFile(path).getText('UTF-8'))
    rows.collect { row -> columns.collect { jsonText(row.get(it)) } }
}
