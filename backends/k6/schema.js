// JSON Schemas. A script holds those parts of this that it uses.

// A JSON Schema from its text; numbers that JavaScript would change are kept digit for digit.
function readSchema(content) {
  const { root, mark } = readJson(content);
  return { schema: root, mark };
}

// Fails unless the body is JSON that fits a schema.
function expectSchema(r, { schema, mark }) {
  const document = readJson(text(r));
  expect(document.root !== undefined, 'schema: the body is no JSON');
  const reader = { mark: document.mark, own: mark };
  reader.defs = keyword(schema, '$defs', reader) ?? {};
  const [pointer, word] = misfit(schema, document.root, '', reader) ?? [];
  expect(word === undefined, `schema: ${pointer || '/'} does not fit ${word}`);
}

// What a schema says by a keyword.
function keyword(schema, name, { own }) {
  return Object.hasOwn(schema, own + name) ? schema[own + name] : undefined;
}

// The first place where a value does not fit a schema, as its JSON pointer and the keyword.
function misfit(schema, node, pointer, reader) {
  const wrong = ASSERTIONS.find(([name, holds]) => {
    const wanted = keyword(schema, name, reader);
    return wanted !== undefined && !holds(node, wanted, reader);
  });
  return wrong ? [pointer, wrong[0]] : (misfitInPlace(schema, node, pointer, reader) ?? misfitInside(schema, node, pointer, reader));
}

// What the schemas say that look at the same value.
function misfitInPlace(schema, node, pointer, reader) {
  const word = (name) => keyword(schema, name, reader);
  const problem = (inner) => misfit(inner, node, pointer, reader);
  const fits = (inner) => !problem(inner);
  for (const inner of word('allOf') ?? []) {
    const wrong = problem(inner);
    if (wrong) return wrong;
  }
  if (word('anyOf') && !word('anyOf').some(fits)) return [pointer, 'anyOf'];
  if (word('oneOf') && word('oneOf').filter(fits).length !== 1) return [pointer, 'oneOf'];
  if (word('not') && fits(word('not'))) return [pointer, 'not'];
  const branch = word('if') && word(fits(word('if')) ? 'then' : 'else');
  const wrong = branch && problem(branch);
  if (wrong) return wrong;
  const reference = word('$ref')?.slice(reader.own.length).replace('#/$defs/', '');
  return reference === undefined ? undefined : problem(reader.defs[reader.own + reference]);
}

// What the schemas say that look at members and items.
function misfitInside(schema, node, pointer, reader) {
  const kind = kindOf(node, reader.mark);
  const children = kind === 'object' ? memberSchemas(schema, node, reader) : kind === 'array' ? itemSchemas(schema, node, reader) : [];
  for (const { inner, value, place, word } of children) {
    const at = `${pointer}/${place.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (inner === false) return [at, word];
    const wrong = typeof inner === 'object' ? misfit(inner, value, at, reader) : undefined;
    if (wrong) return wrong;
  }
  return undefined;
}

function memberSchemas(schema, node, reader) {
  const known = keyword(schema, 'properties', reader) ?? {};
  const more = keyword(schema, 'additionalProperties', reader);
  const plain = (names, mark) => names.map((name) => name.slice(mark.length));
  const [wanted, given] = [plain(Object.keys(known), reader.own), plain(Object.keys(node), reader.mark)];
  const child = (inner, word) => (place) => ({ inner: inner ?? known[reader.own + place], value: node[reader.mark + place], place, word });
  const listed = wanted.filter((name) => given.includes(name)).map(child(undefined, 'properties'));
  if (more === undefined) return listed;
  return [...listed, ...given.filter((name) => !wanted.includes(name)).map(child(more, 'additionalProperties'))];
}

function itemSchemas(schema, node, reader) {
  const first = keyword(schema, 'prefixItems', reader) ?? [];
  const rest = keyword(schema, 'items', reader) ?? true;
  return node.map((value, i) => ({ inner: i < first.length ? first[i] : rest, value, place: String(i), word: 'items' }));
}

// The JSON type of a value.
function kindOf(node, mark) {
  if (node === null || Array.isArray(node)) return node === null ? 'null' : 'array';
  return mark && typeof node === 'string' && node[0] === 'n' ? 'number' : typeof node;
}

// The digits of a number.
function digitsOf(node) {
  return typeof node === 'number' ? String(node) : node.slice(1);
}

// A number as a whole number without zeros at its end, and the power of ten that it is multiplied with.
function scaled(digits) {
  const [, sign, integer, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,9})\d*)?$/.exec(digits);
  const kept = (integer + fraction).replace(/0+$/, '');
  if (!/[1-9]/.test(kept)) return [BigInt(0), 0];
  return [BigInt(sign + kept), Number(power) - fraction.length + (integer + fraction).length - kept.length];
}

// Whether a number is a whole multiple of another.
function isMultiple(digits, of) {
  const [[number, power], [divisor, divisorPower]] = [scaled(digits), scaled(of)];
  if (power < divisorPower || number === BigInt(0)) return number === BigInt(0);
  let rest = number % divisor;
  for (let n = 0; n < power - divisorPower && rest !== BigInt(0); n += 1) rest = (rest * BigInt(10)) % divisor;
  return rest === BigInt(0);
}

// An assertion that speaks of one kind of value; others fit.
function speaksOf(kind, holds) {
  return (node, wanted, reader) => kindOf(node, reader.mark) !== kind || holds(node, wanted, reader);
}

// An assertion about how many there are.
function sized(kind, sizeIn, holds) {
  return speaksOf(kind, (node, wanted, { mark, own }) => {
    return holds(sizeIn(node, mark), Number(digitsOf(wanted, own)));
  });
}

// An assertion about a number, which `holds` gets as -1, 0 or 1: below, at or above the bound.
function bounded(holds) {
  return speaksOf('number', (node, bound) => {
    const [a, b] = [numberKey(digitsOf(node)), numberKey(digitsOf(bound))];
    return holds(a === b ? 0 : isLessNumber(a, b) ? -1 : 1);
  });
}

function isType(node, types, { mark, own }) {
  const kind = kindOf(node, mark);
  return [types].flat().some((type) => {
    const name = type.slice(own.length);
    return name === 'integer' ? kind === 'number' && scaled(digitsOf(node))[1] >= 0 : name === kind;
  });
}

// A pattern of the language as JavaScript's: `.`, `$`, `\s` and `\b` mean what they mean in Python, in ASCII.
function portable(pattern) {
  const pieces = /(\[\^?)(\]?(?:\\.|[^\]\\])*)\]|\\(?:x[0-9a-fA-F]{2}|.)|\{\d+(?:,\d*)?\}|[.${}\]]/gsu;
  const translated = pattern.replace(pieces, (piece, opening, items) => {
    const inside = items?.replace(/\\(?:x[0-9a-fA-F]{2}|.)|[[\]]/gsu, portableItem);
    if (inside !== undefined) return `${opening}${inside}]`;
    if (piece[0] === '\\') return portableEscape(piece);
    return { '.': '[^\\n]', $: '(?=\\n?$)', '{': '\\{', '}': '\\}', ']': '\\]' }[piece] ?? piece;
  });
  return new RegExp(translated, 'u');
}

function portableEscape(piece) {
  const edges = { '\\b': '(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))', '\\B': '(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))' };
  if (piece in edges) return edges[piece];
  return /^\\[sS]$/.test(piece) ? `[${portableItem(piece)}]` : portableItem(piece).replace(/^\\-$/, '-');
}

// What stands in a set of characters.
function portableItem(item) {
  const kinds = { '\\s': ' \\t-\\r', '\\S': '\\x00-\\x08\\x0e-\\x1f!-\\u{10ffff}', '\\0': '\\x00', '[': '\\[', ']': '\\]' };
  if (item in kinds) return kinds[item];
  return /^\\[^\w^$\\.*+?()[\]{}|/-]$/u.test(item) ? item.slice(1) : item;
}

// The keywords about a value itself, in the order in which they are looked at.
const ASSERTIONS = [
  ['type', isType],
  ['enum', (node, allowed, { mark, own }) => allowed.some((item) => nodeKey(item, own) === nodeKey(node, mark))],
  ['const', (node, item, { mark, own }) => nodeKey(item, own) === nodeKey(node, mark)],
  ['required', speaksOf('object', (node, names, { mark, own }) => names.every((name) => Object.hasOwn(node, mark + name.slice(own.length))))],
  ['minItems', sized('array', (node) => node.length, (size, least) => size >= least)],
  ['maxItems', sized('array', (node) => node.length, (size, most) => size <= most)],
  ['uniqueItems', speaksOf('array', (node, isWanted, { mark }) => !isWanted || new Set(node.map((item) => nodeKey(item, mark))).size === node.length)],
  ['minProperties', sized('object', (node) => Object.keys(node).length, (size, least) => size >= least)],
  ['maxProperties', sized('object', (node) => Object.keys(node).length, (size, most) => size <= most)],
  ['minimum', bounded((side) => side >= 0)],
  ['maximum', bounded((side) => side <= 0)],
  ['exclusiveMinimum', bounded((side) => side > 0)],
  ['exclusiveMaximum', bounded((side) => side < 0)],
  ['multipleOf', speaksOf('number', (node, of) => isMultiple(digitsOf(node), digitsOf(of)))],
  ['minLength', sized('string', (node, mark) => [...node].length - mark.length, (size, least) => size >= least)],
  ['maxLength', sized('string', (node, mark) => [...node].length - mark.length, (size, most) => size <= most)],
  ['pattern', speaksOf('string', (node, pattern, { mark, own }) => portable(pattern.slice(own.length)).test(node.slice(mark.length)))],
];
