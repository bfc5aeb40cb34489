// The functions of the language on texts, lists and numbers. A script holds those parts of this that it uses.

// A whole number between two bounds; an error about it does not show it, for it may be a secret.
function whole(name, parameter, value, lowest, highest) {
  const number = /^-?[0-9]{1,15}$/.test(value) ? Number(value) : NaN;
  if (!(number >= lowest && number <= highest)) throw new Failure(`script: ${name}: bad ${parameter}`);
  return number;
}

// How many characters (code points) a text has.
function lengthIn(value) {
  return String([...value].length);
}

// The characters of a text from a position, counted from 0.
function substring(value, from, length) {
  const first = whole('substring', 'from', from, 0, 1e15 - 1);
  const end = length === undefined ? undefined : first + whole('substring', 'length', length, 0, 1e15 - 1);
  return [...value].slice(first, end).join('');
}

// A text with every occurrence of another replaced; an empty one occurs nowhere.
function replaceText(value, old, replacement) {
  return old ? value.split(old).join(replacement) : value;
}

// A text without ASCII white space at its ends.
function trimmed(value) {
  return value.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '');
}

// What stands before the first separator; without one, all of the text.
function textBefore(value, separator) {
  const at = value.indexOf(separator);
  return at < 0 ? value : value.slice(0, at);
}

// What stands after the first separator; without one, nothing.
function textAfter(value, separator) {
  const at = value.indexOf(separator);
  return at < 0 ? '' : value.slice(at + separator.length);
}

// A text filled up on its left.
function padded(value, length, fill) {
  const missing = whole('pad', 'length', length, 0, 10000) - [...value].length;
  const filling = [...fill];
  if (missing <= 0 || !filling.length) return value;
  return Array.from({ length: missing }, (_, i) => filling[i % filling.length]).join('') + value;
}

// The list of what stands between separators; an empty one occurs nowhere.
function splitText(value, separator) {
  return JSON.stringify(separator ? value.split(separator) : [value]);
}

// The items of a list (a JSON array) as texts; another text is a list of itself, an empty one an empty list.
function listItems(value) {
  const { root, mark } = readJson(value);
  if (Array.isArray(root)) return root.map((node) => jsonText(node, mark));
  return value ? [value] : [];
}

function joinItems(value, separator) {
  return listItems(value).join(separator);
}

// An item of a list, counted from 1.
function itemAt(value, n) {
  return listItems(value)[whole('item', 'n', n, 1 - 1e15, 1e15 - 1) - 1] ?? '';
}

function countItems(value) {
  return String(listItems(value).length);
}

// A claim of a JSON Web Token, unverified.
function jwtClaim(token, name) {
  const { root, mark } = readJson(base64Decode(token.split('.')[1] ?? ''));
  const isObject = root !== null && typeof root === 'object' && !Array.isArray(root);
  return isObject && Object.hasOwn(root, mark + name) ? jsonText(root[mark + name], mark) : '';
}

// A decimal number as units of a power of ten.
function decimal(name, value, parameter = 'number') {
  const [, sign, integer, fraction = ''] = /^(-?)([0-9]{1,500})(?:\.([0-9]{1,500}))?$/.exec(value) ?? [];
  if (!integer) throw new Failure(`script: ${name}: bad ${parameter}`);
  const figures = (integer + fraction).replace(/^0+(?=.)/, ''); // k6 reads long ones that begin with 0 as octal
  return { units: BigInt(sign + figures), scale: fraction.length };
}

// Units of a power of ten in plain notation, without needless zeros.
function plainNumber(units, scale) {
  const written = String(units < 0 ? -units : units).padStart(scale + 1, '0');
  const point = written.length - scale;
  const fraction = written.slice(point).replace(/0+$/, '');
  return (units < 0 ? '-' : '') + written.slice(0, point) + (fraction && `.${fraction}`);
}

// Two numbers in units of the same power of ten.
function aligned(name, value, other) {
  const [a, b] = [decimal(name, value), decimal(name, other, 'other')];
  const scale = Math.max(a.scale, b.scale);
  return [a.units * powerOfTen(scale - a.scale), b.units * powerOfTen(scale - b.scale), scale];
}

function powerOfTen(exponent) {
  return BigInt(`1${'0'.repeat(exponent)}`);
}

// A quotient, rounded half away from zero.
function roundedQuotient(dividend, divisor) {
  const [over, under] = [dividend < 0 ? -dividend : dividend, divisor < 0 ? -divisor : divisor];
  const size = (over + over + under) / (under + under);
  return dividend < 0 !== divisor < 0 ? -size : size;
}

function add(value, other) {
  const [a, b, scale] = aligned('add', value, other);
  return plainNumber(a + b, scale);
}

function subtract(value, other) {
  const [a, b, scale] = aligned('subtract', value, other);
  return plainNumber(a - b, scale);
}

function multiply(value, other) {
  const [a, b] = [decimal('multiply', value), decimal('multiply', other, 'other')];
  return plainNumber(a.units * b.units, a.scale + b.scale);
}

// A quotient to so many digits after the point.
function divide(value, other, after = 0) {
  const [a, b] = aligned('divide', value, other);
  const places = whole('divide', 'digits', after, 0, 100);
  expect(b !== BigInt(0), 'script: divide: division by zero');
  return plainNumber(roundedQuotient(a * powerOfTen(places), b), places);
}

// The remainder of whole numbers, with the sign of the first.
function modulo(value, other) {
  const [a, b] = [decimal('modulo', value), decimal('modulo', other, 'other')];
  expect(!a.scale, 'script: modulo: bad number');
  expect(!b.scale, 'script: modulo: bad other');
  expect(b.units !== BigInt(0), 'script: modulo: division by zero');
  return String(a.units % b.units);
}

// A number to so many digits after the point.
function roundTo(value, after = 0) {
  const { units, scale } = decimal('round', value);
  const places = whole('round', 'digits', after, 0, 100);
  return plainNumber(roundedQuotient(units * powerOfTen(places), powerOfTen(scale)), places);
}

function smaller(value, other) {
  const [a, b, scale] = aligned('min', value, other);
  return plainNumber(a < b ? a : b, scale);
}

function larger(value, other) {
  const [a, b, scale] = aligned('max', value, other);
  return plainNumber(a > b ? a : b, scale);
}

function absolute(value) {
  const { units, scale } = decimal('abs', value);
  return plainNumber(units < 0 ? -units : units, scale);
}
