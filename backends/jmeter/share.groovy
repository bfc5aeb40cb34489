// Where several processes share the load, each takes only its own rows: a file of them stands in for that of all.
import org.apache.jmeter.save.CSVSaveService
import org.apache.jmeter.services.FileServer

def (shard, shards) = vars.get('load.shard').split('/')*.toInteger()
def quoted = { String[] row -> row.collect { '"' + it.replace('"', '""') + '"' }.join(',') }
FILES.each { property, path ->
    props.remove(property)
    if (shards == 1) return
    def own = File.createTempFile('rows', '.csv')
    own.deleteOnExit()
    own.withWriter('UTF-8') { writer ->
        FileServer.fileServer.getResolvedFile(path).withReader('UTF-8') { reader ->
            def number = -1
            for (def row = CSVSaveService.csvReadFile(reader, ',' as char); row.length; number++) {
                if (number < 0 || number % shards == shard - 1) writer.writeLine(quoted(row))
                row = CSVSaveService.csvReadFile(reader, ',' as char)
            }
        }
    }
    props.put(property, own.path)
}
