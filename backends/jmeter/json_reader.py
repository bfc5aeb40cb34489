"""The shared Groovy function that reads JSON without changing it, and the JSONPaths that it takes.

JMeter's JSON Extractor turns 1.50 into 1.5 and 1E3 into 1000.0, forgets the order of an object's members, and reads JSONPath in a
dialect of its own; a value that is sent back must be the one that came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from loadwright.backends.jmeter.groovy import expression, literal
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan import jsonpath_syntax as syntax
from loadwright.compiler.plan.describe import describe_text
from loadwright.compiler.plan.inserted import Frame, frame
from loadwright.compiler.plan.jsonpath_syntax import (
    Comparison,
    Constant,
    Count,
    Descent,
    Digits,
    Exists,
    Filter,
    Index,
    JsonPathError,
    Length,
    Member,
    Not,
    Operand,
    Query,
    Segment,
    Slice,
    Test,
    Union,
    Wildcard,
    Written,
    parse_path,
)
from loadwright.compiler.plan.template import ExtractorText


def find_json(result: str, path: ExtractorText, names: Names) -> str:
    """A Groovy expression for the list of texts at a path of a sample result's body; a null in it stands for JSON's.

    Raises LoadwrightError for a path outside the subset.
    """
    return f"props.get('findJson').call({result}.responseDataAsString, {groovy_path(path, names)})"


def groovy_path(path: ExtractorText, names: Names) -> str:
    """A path as the Groovy list that `findJson` takes. Raises LoadwrightError for one outside the subset."""
    framed = frame(path)
    try:
        segments = parse_path(framed.text, frozenset(framed.values))
    except JsonPathError as error:
        message = f"json path `{describe_text(path)}`: {error}"
        raise LoadwrightError(Diagnostic(code="bad-json-path", message=message)) from None
    return _Writer(names, framed).segments(segments)


@dataclass(frozen=True)
class _Writer:
    """Writes one path, whose texts may hold values."""

    names: Names
    framed: Frame

    def text(self, text: str) -> str:
        return expression(simplify(self.framed.template(text)), self.names)

    def segments(self, segments: Iterable[Segment]) -> str:
        return _list(map(self.segment, segments))

    def segment(self, segment: Segment) -> str:
        match segment:
            case Member(name=name):
                return self.text(name)
            case Index(position=position):
                return str(position)
            case Wildcard():
                return "[items: true]"
            case Slice(start=start, end=end, step=step):
                return f"[slice: {_list('null' if n is None else str(n) for n in (start, end, step))}]"
            case Filter(test=test):
                return f"[where: {self.test(test)}]"
            case Union(selectors=selectors):
                return f"[union: {self.segments(selectors)}]"
            case Descent(selection=selection):
                return f"[descend: {self.segment(selection)}]"
            case _:
                assert_never(segment)

    def test(self, test: Test) -> str:
        match test:
            case Comparison(left=left, relation=relation, right=right):
                return _list([literal(relation), self.operand(left), self.operand(right)])
            case Exists(query=query):
                return _list(["'exists'", self.operand(query)])
            case Not(test=inner):
                return _list(["'!'", self.test(inner)])
            case syntax.All(tests=tests):
                return _list(["'&&'", *map(self.test, tests)])
            case syntax.Any(tests=tests):
                return _list(["'||'", *map(self.test, tests)])
            case _:
                assert_never(test)

    def operand(self, operand: Operand) -> str:
        match operand:
            case Constant(value=Digits() as number):
                return f"[number: {literal(number)}]"
            case Constant(value=Written() as value):
                return f"numberOrText({self.text(value)})"
            case Constant(value=str() as value):
                return self.text(value)
            case Constant(value=value):
                return json.dumps(value)
            case Query(from_item=from_item, segments=segments):
                return f"[{'item' if from_item else 'root'}: {self.segments(segments)}]"
            case Length(query=query):
                return f"[length: {self.operand(query)}]"
            case Count(query=query):
                return f"[count: {self.operand(query)}]"
            case _:
                assert_never(operand)


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


READER = r"""// findJson(body, path): every value at a JSONPath as text, just as the body has it; a JSON Extractor would give 1.5
// for 1.50, and the members of an object in another order. In a path, a text names a member, a number counts items.
import com.fasterxml.jackson.core.JsonFactory
import com.fasterxml.jackson.core.JsonParseException
import com.fasterxml.jackson.core.JsonParser
import com.fasterxml.jackson.core.JsonProcessingException
import com.fasterxml.jackson.core.JsonToken

// A number as it is written.
class Digits {
    final String text

    Digits(String text) { this.text = text }

    // The number, exactly; of an exponent the first nine digits count.
    BigDecimal getValue() {
        new BigDecimal(text.replaceFirst('([eE][+-]?0*[0-9]{1,9})[0-9]*$', '$1')).stripTrailingZeros()
    }
}

class JsonReader {
    static final FACTORY = new JsonFactory()
    static final COMPACT = new groovy.json.JsonGenerator.Options().disableUnicodeEscaping().build()
    static final NOTHING = new Object()
    static final DEEPEST = 200

    // A byte order mark before it counts for nothing, as in a browser.
    static Object parse(String body) {
        def parser = FACTORY.createParser(body.startsWith('\uFEFF') ? body.substring(1) : body)
        parser.nextToken()
        def root = read(parser, 1)
        if (parser.nextToken() != null) throw new JsonParseException(parser, 'more than one value')
        root
    }

    static Object read(JsonParser parser, int depth) {
        def token = parser.currentToken()
        if (token == null) throw new JsonParseException(parser, 'no value')
        if (token.isStructStart() && depth > DEEPEST) throw new JsonParseException(parser, 'too deep')
        switch (token) {
            case JsonToken.START_ARRAY:
                def items = []
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(read(parser, depth + 1))
                return items
            case JsonToken.START_OBJECT:
                def members = new LinkedHashMap()
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    def name = parser.currentName
                    parser.nextToken()
                    members.put(name, read(parser, depth + 1))
                }
                return members
            case JsonToken.VALUE_STRING: return parser.text
            case JsonToken.VALUE_TRUE: return true
            case JsonToken.VALUE_FALSE: return false
            case JsonToken.VALUE_NULL: return null
            default: return new Digits(parser.text)
        }
    }

    static List nodes(start, List path, root) {
        path.inject([start]) { found, segment -> found.collectMany { select(it, segment, root) } }
    }

    static List select(node, segment, root) {
        if (segment instanceof String) return node instanceof Map && node.containsKey(segment) ? [node.get(segment)] : []
        if (segment instanceof Number) {
            def size = node instanceof List ? node.size() : 0
            def place = segment < 0 ? size + segment : segment
            return place >= 0 && place < size ? [node.get(place as int)] : []
        }
        def (kind, rest) = segment.entrySet().first().with { [it.key, it.value] }
        switch (kind) {
            case 'items': return items(node)
            case 'slice': return slice(node, rest[0], rest[1], rest[2])
            case 'where': return items(node).findAll { holds(rest, it, root) }
            case 'union': return rest.collectMany { select(node, it, root) }
            default: return below(node).collectMany { select(it, rest, root) }
        }
    }

    static List items(node) {
        node instanceof List ? node : node instanceof Map ? new ArrayList(node.values()) : []
    }

    static List slice(node, start, end, step) {
        def size = node instanceof List ? node.size() : 0
        def place = { n, low, high -> Math.min(Math.max((n < 0 ? size + n : n) as long, low as long), high as long) }
        def found = []
        if (step > 0) {
            def stop = place(end == null ? size : end, 0, size)
            for (long i = place(start == null ? 0 : start, 0, size); i < stop; i += step) found.add(node.get(i as int))
        } else if (step < 0) {
            def stop = end == null ? -1 : place(end, -1, size - 1)
            for (long i = start == null ? size - 1 : place(start, -1, size - 1); i > stop; i += step) found.add(node.get(i as int))
        }
        found
    }

    // A node and everything inside it, in the order of the document.
    static List below(node) {
        def found = []
        def waiting = [node]
        while (waiting) {
            def next = waiting.remove(waiting.size() - 1)
            found.add(next)
            waiting.addAll(items(next).reverse())
        }
        found
    }

    static boolean holds(List test, item, root) {
        def rest = test.tail()
        switch (test[0]) {
            case 'exists': return !query(rest[0], item, root).isEmpty()
            case '!': return !holds(rest[0], item, root)
            case '&&': return rest.every { holds(it, item, root) }
            case '||': return rest.any { holds(it, item, root) }
        }
        def (left, right) = rest.collect { operand(it, item, root) }
        switch (test[0]) {
            case '==': return Objects.equals(left, right)
            case '!=': return !Objects.equals(left, right)
            case '<': return isLess(left, right)
            case '>': return isLess(right, left)
            case '<=': return Objects.equals(left, right) || isLess(left, right)
            default: return Objects.equals(left, right) || isLess(right, left)
        }
    }

    static List query(Map query, item, root) {
        query.containsKey('item') ? nodes(item, query.item, root) : nodes(root, query.root, root)
    }

    // What an operand of a test stands for, made comparable.
    static Object operand(operand, item, root) {
        if (!(operand instanceof Map)) return operand
        if (operand.containsKey('number')) return new Digits(operand.number).value
        if (operand.containsKey('count')) return decimal(query(operand.count, item, root).size())
        def found = query(operand.containsKey('length') ? operand.length : operand, item, root)
        if (!operand.containsKey('length')) return found ? comparable(found[0]) : NOTHING
        def node = found ? found[0] : null
        if (node instanceof String) return decimal(node.codePointCount(0, node.length()))
        node instanceof List || node instanceof Map ? decimal(node.size()) : NOTHING
    }

    static BigDecimal decimal(int number) { new BigDecimal(number).stripTrailingZeros() }

    static Object comparable(node) {
        if (node instanceof Digits) return node.value
        if (node instanceof List) return node.collect { comparable(it) }
        if (!(node instanceof Map)) return node
        def members = new HashMap()
        node.each { name, value -> members.put(name, comparable(value)) }
        members
    }

    static boolean isLess(left, right) {
        if (left instanceof BigDecimal && right instanceof BigDecimal) return left.compareTo(right) < 0
        if (!(left instanceof String) || !(right instanceof String)) return false
        def a = left.codePoints().toArray()
        def b = right.codePoints().toArray()
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (a[i] != b[i]) return a[i] < b[i]
        }
        a.length < b.length
    }

    static String text(node) { node == null || node instanceof String ? node : source(node) }

    static String source(node) {
        if (node instanceof Digits) return node.text
        if (node instanceof String) return COMPACT.toJson(node)
        if (node instanceof List) return '[' + node.collect { source(it) }.join(',') + ']'
        if (node instanceof Map) return '{' + node.collect { name, value -> source(name) + ':' + source(value) }.join(',') + '}'
        String.valueOf(node)
    }

    static List find(String body, List path) {
        def root
        try {
            root = parse(body)
        } catch (JsonProcessingException broken) {
            return []
        }
        nodes(root, path, root).collect { text(it) }
    }

    // The JSON types of what is found.
    static List kinds(String body, List path) {
        try {
            def root = parse(body)
            return nodes(root, path, root).collect { kind(it) }
        } catch (JsonProcessingException broken) {
            return []
        }
    }

    static String kind(node) {
        if (node == null) return 'null'
        if (node instanceof Digits) return 'number'
        if (node instanceof Boolean) return 'boolean'
        node instanceof String ? 'string' : node instanceof List ? 'array' : 'object'
    }
}

props.put('findJson', { String body, List path -> JsonReader.find(body, path) })
props.put('jsonKinds', { String body, List path -> JsonReader.kinds(body, path) })
props.put('jsonReader', JsonReader)
SampleResult.setIgnore() // nothing to report
"""
