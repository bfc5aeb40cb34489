// JSON Schemas: a subset of draft 2020-12. Told is the first place that does not fit, as a JSON pointer, and the keyword.
import com.fasterxml.jackson.core.JsonProcessingException
import org.apache.jmeter.services.FileServer

class Schema {
    static final ASSERTIONS = [
        *['type', 'enum', 'const', 'required', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'minimum'],
        *['maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern'],
    ]
    final Map root
    final reader

    Schema(Map root, reader) {
        this.root = root
        this.reader = reader
    }

    // The pointer and the keyword; null when the value fits.
    List problem(Map schema, value, String pointer) {
        def broken = ASSERTIONS.find { schema.containsKey(it) && !holds(it, value, schema[it]) }
        broken ? [pointer, broken] : inPlace(schema, value, pointer) ?: inChildren(schema, value, pointer)
    }

    private List inPlace(Map schema, value, String pointer) {
        def fits = { problem(it, value, pointer) == null }
        def found = schema.allOf?.findResult { problem(it, value, pointer) }
        if (found) return found
        if (schema.anyOf && !schema.anyOf.any(fits)) return [pointer, 'anyOf']
        if (schema.oneOf && schema.oneOf.count(fits) != 1) return [pointer, 'oneOf']
        if (schema.containsKey('not') && fits(schema['not'])) return [pointer, 'not']
        if (schema.containsKey('if')) {
            def chosen = schema[fits(schema['if']) ? 'then' : 'else']
            found = chosen == null ? null : problem(chosen, value, pointer)
            if (found) return found
        }
        def reference = schema['$ref']
        reference ? problem(root['$defs'][reference - '#/$defs/'], value, pointer) : null
    }

    private List inChildren(Map schema, value, String pointer) {
        if (value instanceof Map) {
            def known = schema.properties ?: [:]
            def children = known.findAll { value.containsKey(it.key) }.collect { [it.key, it.value, 'properties'] }
            if (schema.containsKey('additionalProperties')) {
                def more = schema.additionalProperties
                children += value.keySet().findAll { !known.containsKey(it) }.collect { [it, more, 'additionalProperties'] }
            }
            return children.findResult { name, inner, keyword -> child(inner, value.get(name), pointer + '/' + escaped(name), keyword) }
        }
        if (!(value instanceof List)) return null
        def first = schema.prefixItems ?: []
        def rest = schema.containsKey('items') ? schema.items : true
        value.indices.findResult { child(it < first.size() ? first[it] : rest, value[it], pointer + '/' + it, 'items') }
    }

    private List child(schema, value, String pointer, String keyword) {
        schema instanceof Boolean ? (schema ? null : [pointer, keyword]) : problem(schema, value, pointer)
    }

    private String escaped(String name) { name.replace('~', '~0').replace('/', '~1') }

    private boolean holds(String keyword, value, demanded) {
        def number = reader.kind(value) == 'number' ? value.value : null
        switch (keyword) {
            case 'type': return [demanded].flatten().any { isType(value, it) }
            case 'enum': return demanded.any { same(value, it) }
            case 'const': return same(value, demanded)
        }
        if (value instanceof Map) switch (keyword) {
            case 'required': return demanded.every { value.containsKey(it) }
            case 'minProperties': return value.size() >= demanded.value
            case 'maxProperties': return value.size() <= demanded.value
        }
        if (value instanceof List) switch (keyword) {
            case 'minItems': return value.size() >= demanded.value
            case 'maxItems': return value.size() <= demanded.value
            case 'uniqueItems': return !demanded || value.collect { reader.comparable(it) }.unique(false).size() == value.size()
        }
        if (value instanceof String) switch (keyword) {
            case 'minLength': return value.codePointCount(0, value.length()) >= demanded.value
            case 'maxLength': return value.codePointCount(0, value.length()) <= demanded.value
            case 'pattern': return (value =~ demanded).find()
        }
        if (number != null) switch (keyword) {
            case 'minimum': return number >= demanded.value
            case 'maximum': return number <= demanded.value
            case 'exclusiveMinimum': return number > demanded.value
            case 'exclusiveMaximum': return number < demanded.value
            case 'multipleOf': return isMultiple(number, demanded.value)
        }
        true
    }

    private boolean isType(value, String name) {
        def kind = reader.kind(value)
        kind == name || (name == 'integer' && kind == 'number' && value.value.scale() <= 0)
    }

    private boolean same(left, right) { reader.comparable(left) == reader.comparable(right) }

    // Exactly, and without writing out the zeros of a large exponent.
    private boolean isMultiple(BigDecimal number, BigDecimal of) {
        if (number.signum() == 0) return true
        def (n, d) = [number, of].collect { it.stripTrailingZeros() }
        def shift = d.scale() - n.scale()
        if (shift < 0) return false
        def divisor = d.unscaledValue().abs()
        n.unscaledValue().multiply(BigInteger.TEN.modPow(BigInteger.valueOf(shift), divisor)).mod(divisor).signum() == 0
    }
}

def schemas = [:]
def reader = props.get('jsonReader')
def read = { String path -> schemas[path] = new Schema(reader.parse(FileServer.fileServer.getResolvedFile(path).getText('UTF-8')), reader) }
props.put('schemaProblem', { String body, String path ->
    def value
    try {
        value = reader.parse(body)
    } catch (JsonProcessingException noJson) {
        return 'the body is no JSON'
    }
    def found = schemas[path].problem(schemas[path].root, value, '')
    found ? (found[0] ?: '/') + ' does not fit ' + found[1] : null
})
