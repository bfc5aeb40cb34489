// JSON read without losing a digit. A script holds those parts of this that it uses.

// In a JSON path: every item or member.
const ANY = null;

// The nth value (null does not count) at a path of member names, indexes, ANY and filters.
function json(r, path, nth = 1) {
  return jsonTexts(r, path).filter((value) => value !== null)[nth - 1];
}

// The first value at a JSON path, null included.
function jsonFirst(r, path) {
  const values = jsonTexts(r, path);
  return values.length ? String(values[0]) : undefined;
}

// The values at a JSON path as texts, or null.
function jsonTexts(r, path) {
  const { root, mark } = readJson(text(r));
  let nodes = root === undefined ? [] : [root];
  for (const segment of path) nodes = nodes.flatMap((node) => jsonChildren(node, segment, mark));
  return nodes.map((node) => (node === null ? null : jsonText(node, mark)));
}

// Numbers that JavaScript would write in another way, and names that it would put into another order.
const DELICATE =
  /(?:^|"\s*:|[[,])\s*(?:-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?:\D|$)|0\.00000)|-0(?:[^.\d]|$))|"\d+"\s*:/;

// The JSON text read last: what follows in a request often reads the same one.
let lastJson = {};

// A JSON text as a tree; none for what is no JSON. Where digits or an order would be lost, each number is a string that
// begins with `n`, and each string and name begins with the mark `s`; else the mark is empty.
function readJson(body) {
  if (lastJson.body !== body) {
    const mark = DELICATE.test(body) ? 's' : '';
    lastJson = { body, mark, root: mark ? parseMarked(body) : parseJson(body) };
  }
  return lastJson;
}

function parseMarked(body) {
  const tokens = /"((?:[^"\\]|\\.)*)"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  const marked = body.replace(tokens, (token, string) => (string === undefined ? `"n${token}"` : `"s${string}"`));
  // a number too large for JavaScript is JSON all the same
  const withoutExponents = body.replace(/((?:^|[[:,])\s*-?\d[\d.]*)[eE]\+?\d+/g, '$1');
  const isJson = parseJson(body) !== undefined || parseJson(withoutExponents) !== undefined;
  return isJson ? parseJson(marked) : undefined;
}

function parseJson(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function jsonChildren(node, segment, mark) {
  const isArray = Array.isArray(node);
  const isObject = node !== null && typeof node === 'object' && !isArray;
  if (typeof segment === 'string') return isObject && Object.hasOwn(node, mark + segment) ? [node[mark + segment]] : [];
  if (typeof segment === 'number') {
    const index = isArray && segment < 0 ? node.length + segment : segment;
    return isArray && index in node ? [node[index]] : [];
  }
  const items = isObject ? Object.values(node) : isArray ? node : [];
  if (segment === ANY) return items;
  return items.filter((item) => {
    const [found] = segment.where.reduce((nodes, name) => nodes.flatMap((n) => jsonChildren(n, name, mark)), [item]);
    return found !== undefined && jsonText(found, mark) === segment.is;
  });
}

// A value as text: strings as they are, numbers digit for digit, the rest as compact JSON.
function jsonText(node, mark) {
  return typeof node === 'string' ? node.slice(mark.length) : jsonSource(node, mark);
}

function jsonSource(node, mark) {
  const isDigits = mark && typeof node === 'string' && node[0] === 'n';
  if (typeof node === 'string') return isDigits ? node.slice(1) : JSON.stringify(node.slice(mark.length));
  if (node === null || typeof node !== 'object') return String(node);
  if (Array.isArray(node)) return `[${node.map((item) => jsonSource(item, mark)).join(',')}]`;
  const member = ([name, value]) => `${JSON.stringify(name.slice(mark.length))}:${jsonSource(value, mark)}`;
  return `{${Object.entries(node).map(member).join(',')}}`;
}
