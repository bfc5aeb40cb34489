// The functions of the language, where Groovy has no expression for them. A script holds those that it uses.

// Percent-decodes as UTF-8; what is no escape stays as it is.
String urlDecode(String text) {
    def bytes = new ByteArrayOutputStream()
    text.split('(?=%)').each { piece ->
        def escape = piece ==~ /(?s)%[0-9A-Fa-f]{2}.*/
        if (escape) bytes.write(Integer.parseInt(piece.substring(1, 3), 16))
        bytes.write((escape ? piece.substring(3) : piece).getBytes('UTF-8'))
    }
    bytes.toString('UTF-8')
}

// Writes the characters of HTML that mean something as character references.
String htmlEncode(String text) {
    text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('"', '&quot;').replace("'", '&#39;')
}

// Replaces character references; of a name without a semicolon the longest known beginning (&notit; is a sign and "it;").
String htmlDecode(String text) {
    text.replaceAll(~'&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?)') { String reference ->
        (reference.length()..2).findResult { end ->
            def start = reference.substring(0, end)
            def decoded = org.jsoup.parser.Parser.unescapeEntities(start, false)
            decoded == start ? null : decoded + reference.substring(end)
        } ?: reference
    }
}

// The inside of a JSON string, as JSON.stringify writes it.
String jsonEscape(String text) {
    def quoted = new groovy.json.JsonGenerator.Options().disableUnicodeEscaping().build().toJson(text)
    quoted.substring(1, quoted.length() - 1)
}

// Replaces the escapes of JSON strings; half a surrogate pair is no character.
String jsonUnescape(String text) {
    def named = [b: '\b', f: '\f', n: '\n', r: '\r', t: '\t']
    def units = text.replaceAll(~'\\\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["\'\\\\/bfnrt-]))') { all, code, short_code, letter ->
        letter ? named.get(letter, letter) : Integer.parseInt(code ?: short_code, 16) as char
    }
    units.replaceAll('[\\ud800-\\udfff]', '\ufffd')
}

// The text of base64 or base64url, padded or not; what cannot be decoded gives no text.
String base64Decode(String text) {
    def clean = text.replace('-', '+').replace('_', '/').replaceAll('[^A-Za-z0-9+/]', '')
    clean.length() % 4 == 1 ? '' : new String(Base64.decoder.decode(clean), 'UTF-8')
}

// The text of hexadecimal bytes; what is none gives no text.
String hexDecode(String text) {
    text ==~ '(?:[0-9A-Fa-f]{2})*' ? new String(text.decodeHex(), 'UTF-8') : ''
}

// A digest of the UTF-8 bytes.
String digest(String algorithm, String text, String form) {
    writtenBytes(java.security.MessageDigest.getInstance(algorithm).digest(text.getBytes('UTF-8')), form)
}

// The HMAC of a text under a key; Java takes no empty key, and one of zeros is the same.
String hmac(String algorithm, String key, String text, String form) {
    def mac = javax.crypto.Mac.getInstance(algorithm)
    mac.init(new javax.crypto.spec.SecretKeySpec((key ?: '\0').getBytes('UTF-8'), algorithm))
    writtenBytes(mac.doFinal(text.getBytes('UTF-8')), form)
}

// Bytes in hexadecimal, base64 or base64url.
String writtenBytes(byte[] bytes, String form) {
    if (form == 'hex') return bytes.encodeHex().toString()
    (form == 'base64' ? Base64.encoder : Base64.urlEncoder.withoutPadding()).encodeToString(bytes)
}

// A whole number between two bounds; a failure does not show it, for it may be a secret.
long whole(String name, String parameter, Object value, long lowest, long highest) {
    def written = value.toString()
    def number = written ==~ '-?[0-9]{1,15}' ? written as long : Long.MIN_VALUE
    if (number < lowest || number > highest) throw new IllegalArgumentException(name + ': bad ' + parameter)
    number
}

// How many characters (code points) a text has.
String textLength(String text) {
    text.codePointCount(0, text.length()).toString()
}

// The characters of a text from a position, counted from 0.
String textSlice(String text, Object from, Object length = null) {
    long size = text.codePointCount(0, text.length())
    long start = whole('substring', 'from', from, 0, 999999999999999)
    long wanted = length == null ? size : whole('substring', 'length', length, 0, 999999999999999)
    def at = { long position -> text.offsetByCodePoints(0, Math.min(position, size) as int) }
    text.substring(at(start), at(start + wanted))
}

// A text with every occurrence of another replaced; an empty one occurs nowhere.
String replaceText(String text, String old, String other) {
    old ? text.replace(old, other) : text
}

// A text without ASCII white space at its ends.
String trimText(String text) {
    text.replaceFirst('^[ \\t\\n\\x0B\\f\\r]+', '').replaceFirst('[ \\t\\n\\x0B\\f\\r]+\\z', '')
}

// What stands before the first separator; without one, all of the text.
String textBefore(String text, String separator) {
    def at = text.indexOf(separator)
    at < 0 ? text : text.substring(0, at)
}

// What stands after the first separator; without one, nothing.
String textAfter(String text, String separator) {
    def at = text.indexOf(separator)
    at < 0 ? '' : text.substring(at + separator.length())
}

// A text filled up on its left.
String padText(String text, Object length, String fill) {
    def missing = whole('pad', 'length', length, 0, 10000) - text.codePointCount(0, text.length())
    def points = fill.codePoints().toArray()
    if (missing <= 0 || points.length == 0) return text
    def filling = new StringBuilder()
    for (int i = 0; i < missing; i++) filling.appendCodePoint(points[i % points.length])
    filling.append(text).toString()
}

// The list of what stands between separators; an empty one occurs nowhere.
String splitText(String text, String separator) {
    def parts = separator ? text.split(java.util.regex.Pattern.quote(separator), -1) : [text]
    '[' + parts.collect { '"' + jsonEscape(it) + '"' }.join(',') + ']'
}

// The items of a list (a JSON array) as texts; another text is a list of itself, an empty one an empty list.
List listItems(String text) {
    def value = parseJson(text)
    if (value instanceof List) return value.collect { jsonText(it) }
    text ? [text] : []
}

String joinItems(String text, String separator) {
    listItems(text).join(separator)
}

// An item of a list, counted from 1; empty text when there is none.
String itemAt(String text, Object n) {
    def position = whole('item', 'n', n, -999999999999999, 999999999999999)
    def items = listItems(text)
    position >= 1 && position <= items.size() ? items[(position - 1) as int] : ''
}

String countItems(String text) {
    listItems(text).size().toString()
}

// A claim of a JSON Web Token, unverified; empty text when there is none.
String jwtClaim(String token, String name) {
    def parts = token.split('\\.', -1)
    def claims = parts.length > 1 ? parseJson(base64Decode(parts[1])) : null
    claims instanceof Map && claims.containsKey(name) ? jsonText(claims.get(name)) : ''
}

// A JSON text as Groovy values, numbers as they are written, in a StringBuilder; null for what is no JSON.
Object parseJson(String text) {
    def parser = new com.fasterxml.jackson.core.JsonFactory().createParser(text)
    try {
        parser.nextToken()
        def value = parseValue(parser, 0)
        return parser.nextToken() == null ? value : null
    } catch (IOException | IllegalArgumentException notJson) {
        return null
    }
}

Object parseValue(Object parser, int depth) {
    if (depth > 200) throw new IllegalArgumentException('too deep')
    switch (parser.currentToken()?.name()) {
        case 'VALUE_STRING': return parser.getText()
        case 'VALUE_TRUE': return true
        case 'VALUE_FALSE': return false
        case 'VALUE_NULL': return null
        case 'VALUE_NUMBER_INT':
        case 'VALUE_NUMBER_FLOAT': return new StringBuilder(parser.getText())
        case 'START_ARRAY':
            def items = []
            while (parser.nextToken().name() != 'END_ARRAY') items.add(parseValue(parser, depth + 1))
            return items
        case 'START_OBJECT':
            def members = [:]
            while (parser.nextToken().name() == 'FIELD_NAME') {
                def name = parser.getText()
                parser.nextToken()
                members.put(name, parseValue(parser, depth + 1))
            }
            return members
        default: throw new IllegalArgumentException('no value')
    }
}

// A JSON value as text: strings as they are, numbers digit for digit, the rest as compact JSON.
String jsonText(Object value) {
    value instanceof String ? value : compactJson(value)
}

String compactJson(Object value) {
    if (value instanceof String) return '"' + jsonEscape(value) + '"'
    if (value instanceof List) return '[' + value.collect { compactJson(it) }.join(',') + ']'
    if (value instanceof Map) return '{' + value.collect { compactJson(it.key) + ':' + compactJson(it.value) }.join(',') + '}'
    value.toString()
}

// A decimal number.
BigDecimal decimal(String name, String text, String parameter = 'number') {
    if (!(text ==~ '-?[0-9]{1,500}(?:\\.[0-9]{1,500})?')) throw new IllegalArgumentException(name + ': bad ' + parameter)
    new BigDecimal(text)
}

// A number in plain notation, without needless zeros.
String plainNumber(BigDecimal number) {
    number.signum() == 0 ? '0' : number.stripTrailingZeros().toPlainString()
}

String addNumbers(String number, String other) {
    plainNumber(decimal('add', number).add(decimal('add', other, 'other')))
}

String subtractNumbers(String number, String other) {
    plainNumber(decimal('subtract', number).subtract(decimal('subtract', other, 'other')))
}

String multiplyNumbers(String number, String other) {
    plainNumber(decimal('multiply', number).multiply(decimal('multiply', other, 'other')))
}

// A quotient to so many digits after the point, half away from zero.
String divideNumbers(String number, String other, Object digits = 0) {
    def dividend = decimal('divide', number)
    def divisor = decimal('divide', other, 'other')
    def places = whole('divide', 'digits', digits, 0, 100) as int
    if (divisor.signum() == 0) throw new IllegalArgumentException('divide: division by zero')
    plainNumber(dividend.divide(divisor, places, java.math.RoundingMode.HALF_UP))
}

// The remainder of whole numbers, with the sign of the first.
String moduloNumbers(String number, String other) {
    def dividend = decimal('modulo', number)
    def divisor = decimal('modulo', other, 'other')
    if (dividend.scale()) throw new IllegalArgumentException('modulo: bad number')
    if (divisor.scale()) throw new IllegalArgumentException('modulo: bad other')
    if (divisor.signum() == 0) throw new IllegalArgumentException('modulo: division by zero')
    dividend.toBigInteger().remainder(divisor.toBigInteger()).toString()
}

// A number to so many digits after the point, half away from zero.
String roundNumber(String number, Object digits = 0) {
    def value = decimal('round', number)
    plainNumber(value.setScale(whole('round', 'digits', digits, 0, 100) as int, java.math.RoundingMode.HALF_UP))
}

String smallerNumber(String number, String other) {
    plainNumber(decimal('min', number).min(decimal('min', other, 'other')))
}

String largerNumber(String number, String other) {
    plainNumber(decimal('max', number).max(decimal('max', other, 'other')))
}

String absoluteNumber(String number) {
    plainNumber(decimal('abs', number).abs())
}

// A random whole number, both ends included.
String randomNumber(Object from, Object to) {
    def lowest = whole('random', 'from', from, -999999999999999, 999999999999999)
    def highest = whole('random', 'to', to, -999999999999999, 999999999999999)
    if (highest < lowest) throw new IllegalArgumentException('random: `to` is smaller than `from`')
    vars.getObject('load.random').integer(lowest, highest).toString()
}

// Random letters and digits.
String randomString(Object length) {
    vars.getObject('load.random').letters(whole('random_string', 'length', length, 1, 10000))
}

// One of some texts; of none, empty text.
String randomChoice(List choices) {
    choices ? choices[vars.getObject('load.random').integer(0, choices.size() - 1) as int] : ''
}

// 1, 2, 3 … for each user.
String counter(String name) {
    def next = (vars.getObject('load.counter.' + name) ?: 0) + 1
    vars.putObject('load.counter.' + name, next)
    next.toString()
}

// Whether two texts that are decimal numbers stand in a relation; false when a side is none.
boolean compareNumbers(String left, String relation, String right) {
    def isNumber = { it ==~ '-?[0-9]+(?:\\.[0-9]+)?' }
    if (!isNumber(left) || !isNumber(right)) return false
    def order = new BigDecimal(left).compareTo(new BigDecimal(right))
    ['<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0, '=': order == 0][relation]
}

// What an XPath 1.0 expression finds in an XML document; nothing in what is none. No entity is resolved.
List xpathValues(String text, String path) {
    def factory = javax.xml.parsers.DocumentBuilderFactory.newInstance()
    factory.namespaceAware = true
    factory.expandEntityReferences = false
    factory.setFeature(javax.xml.XMLConstants.FEATURE_SECURE_PROCESSING, true)
    factory.setFeature('http://xml.org/sax/features/external-general-entities', false)
    factory.setFeature('http://apache.org/xml/features/nonvalidating/load-external-dtd', false)
    def builder = factory.newDocumentBuilder()
    builder.errorHandler = null
    try {
        def document = builder.parse(new org.xml.sax.InputSource(new StringReader(text)))
        def expression = javax.xml.xpath.XPathFactory.newInstance().newXPath().compile(path)
        try {
            return expression.evaluate(document, javax.xml.xpath.XPathConstants.NODESET).collect { it.textContent }
        } catch (javax.xml.xpath.XPathExpressionException notNodes) {
            return [expression.evaluate(document)]
        }
    } catch (org.xml.sax.SAXException | javax.xml.xpath.XPathExpressionException wrong) {
        return []
    }
}

// A text as an XPath expression, whose texts have no escapes.
String xpathText(String value) {
    def quote = ["'", '"'].find { !value.contains(it) }
    quote ? quote + value + quote : "concat('" + value.replace("'", "', \"'\", '") + "')"
}

// A value put into a JSONPath without quotes: a number where it is written as one, else a text.
Object numberOrText(String value) {
    value ==~ '-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?' ? [number: value] : value
}

// Marks the elements that have an attribute so related to a value; no selector could hold every value.
void markElements(document, String attribute, String relation, String value, String mark) {
    document.allElements.findAll { it.hasAttr(attribute) && attributeFits(it.attr(attribute), relation, value) }.each { it.attr(mark, '') }
}

// Whether an attribute's text is so related to a value, as CSS has it; with an `i` at the end, whatever their case.
boolean attributeFits(String text, String relation, String value) {
    if (relation.endsWith('i')) return attributeFits(text.toLowerCase(Locale.ROOT), relation[0..-2], value.toLowerCase(Locale.ROOT))
    switch (relation) {
        case '=': return text == value
        case '|=': return text == value || text.startsWith(value + '-')
        case '~=': return value && text.split('[ \\t\\n\\r\\f]+').contains(value)
        case '^=': return value && text.startsWith(value)
        case '$=': return value && text.endsWith(value)
        default: return value && text.contains(value)
    }
}
