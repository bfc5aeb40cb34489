// JSON read without losing a digit. A script holds those parts of this that it uses.

// In a JSON path: every item or member.
const ANY = null;

// The values (null does not count) at a path of member names, indexes, ANY and selections.
function json(r, path) {
  return jsonTexts(r, path).filter((value) => value !== null);
}

// The first value at a JSON path, null included.
function jsonFirst(r, path) {
  const values = jsonTexts(r, path);
  return values.length ? String(values[0]) : undefined;
}

// The kind of the first value at a JSON path.
function jsonType(r, path) {
  const document = readJson(text(r));
  const [node] = document.root === undefined ? [] : jsonNodes(document.root, path, document);
  if (node === null || Array.isArray(node)) return node === null ? 'null' : 'array';
  return document.mark && typeof node === 'string' && node[0] === 'n' ? 'number' : typeof node;
}

// The values at a JSON path as texts, or null.
function jsonTexts(r, path) {
  const document = readJson(text(r));
  if (document.root === undefined) return [];
  const nodes = jsonNodes(document.root, path, document);
  return nodes.map((node) => (node === null ? null : jsonText(node, document.mark)));
}

// The nodes at a path from a node.
function jsonNodes(start, path, document) {
  return path.reduce((nodes, segment) => nodes.flatMap((node) => jsonSelect(node, segment, document)), [start]);
}

// Numbers that JavaScript would write in another way, and names that it would put into another order.
const DELICATE =
  /(?:^|"\s*:|[[,])\s*(?:-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?:\D|$)|0\.00000)|-0(?:[^.\d]|$))|"\d+"\s*:|\\u003\d/;

// The JSON text read last: what follows in a request often reads the same one.
let lastJson = {};

// A JSON text as a tree, behind a byte order mark or not; none for what is no JSON. Where digits or an order would be lost, each number is a string that
// begins with `n`, and each string and name begins with the mark `s`; else the mark is empty.
function readJson(body) {
  if (lastJson.body !== body) {
    const unmarked = body.replace(/^\ufeff/, '');
    const mark = DELICATE.test(unmarked) ? 's' : '';
    const root = mark ? parseMarked(unmarked) : parseJson(unmarked);
    lastJson = { body, mark, root: isTooDeep(body, root) ? undefined : root };
  }
  return lastJson;
}

// Whether arrays and objects nest deeper than 200 levels.
function isTooDeep(body, root) {
  let level = (body.match(/[[{]/g) ?? []).length > 200 ? [root] : [];
  for (let depth = 0; depth < 200 && level.length; depth += 1) level = level.flatMap(jsonItems);
  return level.some((node) => node !== null && typeof node === 'object');
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

// What one segment of a path selects from a node.
function jsonSelect(node, segment, document) {
  if (typeof segment === 'function') return segment(node, document);
  if (segment === ANY) return jsonItems(node);
  const isArray = Array.isArray(node);
  if (typeof segment === 'number') {
    const index = isArray && segment < 0 ? node.length + segment : segment;
    return isArray && index in node ? [node[index]] : [];
  }
  const name = document.mark + segment;
  return node !== null && typeof node === 'object' && !isArray && Object.hasOwn(node, name) ? [node[name]] : [];
}

// The items of an array, the member values of an object.
function jsonItems(node) {
  return node === null || typeof node !== 'object' ? [] : Array.isArray(node) ? node : Object.values(node);
}

// In a JSON path: what each of several segments selects.
function union(...segments) {
  return (node, document) => segments.flatMap((segment) => jsonSelect(node, segment, document));
}

// In a JSON path: every `step`th item of an array from one index to before another.
function sliced(start, end, step) {
  return (node) => {
    const size = Array.isArray(node) ? node.length : 0;
    const place = (n, low, high) => Math.min(Math.max(n < 0 ? size + n : n, low), high);
    const found = [];
    if (step > 0) {
      const stop = place(end ?? size, 0, size);
      for (let i = place(start ?? 0, 0, size); i < stop; i += step) found.push(node[i]);
    } else if (step < 0) {
      const stop = end === null ? -1 : place(end, -1, size - 1);
      for (let i = start === null ? size - 1 : place(start, -1, size - 1); i > stop; i += step) found.push(node[i]);
    }
    return found;
  };
}

// In a JSON path: what a segment selects from a node and from everything inside it.
function descend(segment) {
  return (node, document) => {
    const found = [];
    const waiting = [node];
    while (waiting.length) {
      const next = waiting.pop();
      for (const selected of jsonSelect(next, segment, document)) found.push(selected);
      const items = jsonItems(next);
      for (let i = items.length - 1; i >= 0; i -= 1) waiting.push(items[i]);
    }
    return found;
  };
}

// In a JSON path: the items and member values for which a test holds.
function where(test) {
  return (node, document) => jsonItems(node).filter((item) => test(item, document));
}

// In a test: the nodes at a path from the item.
function fromItem(...path) {
  return (item, document) => jsonNodes(item, path, document);
}

// In a test: the nodes at a path from the top of the document.
function fromRoot(...path) {
  return (item, document) => jsonNodes(document.root, path, document);
}

// In a test: a number.
function digits(text) {
  const key = numberKey(text);
  return () => key;
}

// In a test: the characters of a string, the items of an array, the members of an object.
function lengthOf(query) {
  return (item, document) => {
    const [node] = query(item, document);
    const { mark } = document;
    if (typeof node === 'string' && (!mark || node[0] === mark)) return numberKey(`${[...node].length - mark.length}`);
    return node !== null && typeof node === 'object' ? numberKey(`${jsonItems(node).length}`) : undefined;
  };
}

// In a test: how many nodes are at a path.
function countOf(query) {
  return (item, document) => numberKey(`${query(item, document).length}`);
}

function exists(query) {
  return (item, document) => query(item, document).length > 0;
}

function isNot(test) {
  return (item, document) => !test(item, document);
}

function allOf(...tests) {
  return (item, document) => tests.every((test) => test(item, document));
}

function anyOf(...tests) {
  return (item, document) => tests.some((test) => test(item, document));
}

// A value put into a path without quotes: a number where it is written as one, else a string.
function written(text) {
  return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(text) ? digits(text) : text;
}

function isSame(left, right) {
  return (item, document) => jsonKey(left, item, document) === jsonKey(right, item, document);
}

// Whether a number is less than a number, or a string comes before a string.
function isLess(left, right) {
  return (item, document) => {
    const [a, b] = [left, right].map((operand) => jsonKey(operand, item, document) ?? '');
    if (a[0] === '#' && b[0] === '#') return isLessNumber(a, b);
    if (a[0] !== '"' || b[0] !== '"') return false;
    const [x, y] = [a, b].map((key) => [...JSON.parse(key)].map((c) => c.codePointAt(0)));
    const place = x.findIndex((c, i) => c !== y[i]);
    return place < 0 ? x.length < y.length : place < y.length && x[place] < y[place];
  };
}

// A text of what an operand of a test stands for, the same for the same values; none for no value.
function jsonKey(operand, item, document) {
  if (typeof operand !== 'function') return JSON.stringify(operand);
  const nodes = operand(item, document);
  if (!Array.isArray(nodes)) return nodes;
  return nodes.length ? nodeKey(nodes[0], document.mark) : undefined;
}

function nodeKey(node, mark) {
  if (typeof node === 'number') return numberKey(`${node}`);
  if (typeof node === 'string') {
    return mark && node[0] === 'n' ? numberKey(node.slice(1)) : JSON.stringify(node.slice(mark.length));
  }
  if (node === null || typeof node !== 'object') return `${node}`;
  if (Array.isArray(node)) return `[${node.map((child) => nodeKey(child, mark)).join(',')}]`;
  const members = Object.keys(node).map((name) => JSON.stringify(name) + nodeKey(node[name], mark));
  return `{${members.sort().join(',')}}`;
}

// A number as `#`, sign, place of the decimal point and digits: the same for 1, 1.0 and 10e-1.
function numberKey(text) {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?)0*(\d{0,9})\d*)?$/.exec(text);
  const [, sign, integer, fraction = '', direction = '', power = ''] = parts;
  const significant = (integer + fraction).replace(/^0+/, '');
  const point = integer.length - (integer.length + fraction.length - significant.length) + Number(`${direction}${power || 0}`);
  return significant ? `#${sign || '+'}${point}:${significant.replace(/0+$/, '')}` : '#+0:';
}

function isLessNumber(left, right) {
  const [a, b] = [left, right].map((key) => {
    const [, sign, point, rest] = /^#([-+])(-?\d+):(\d*)$/.exec(key);
    return { sign: rest ? Number(`${sign}1`) : 0, point: Number(point), rest };
  });
  if (a.sign !== b.sign) return a.sign < b.sign;
  const [low, high] = a.sign < 0 ? [b, a] : [a, b];
  return low.point === high.point ? low.rest < high.rest : low.point < high.point;
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
