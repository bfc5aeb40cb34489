// What must hold for a response. A script holds those parts of this that it uses.

// Fails the request with a reason unless the condition holds.
function expect(condition, reason) {
  if (!condition) throw new Failure(reason);
}

// `statuses` are those that pass (200 to 399 unless told), `unwanted` those that do not; ranges are `{ min, max }`.
function expectStatus(status, statuses, unwanted) {
  const wanted = unwanted ?? statuses ?? [{ min: 200, max: 399 }];
  const isAmong = wanted.some((one) => status >= (one.min ?? one) && status <= (one.max ?? one));
  const said = wanted.map((one) => (one.min ? `${one.min} to ${one.max}` : one)).join(' or ');
  expect(isAmong === !unwanted, `status: expected ${unwanted ? 'not ' : ''}${said}, got ${status}`);
}

// `expected` is a media type without parameters.
function expectType(r, expected) {
  const type = mediaType(r);
  expect(type === expected.toLowerCase(), `type: expected ${expected}, got ${type || 'none'}`);
}

function expectNotType(r, unwanted) {
  expect(mediaType(r) !== unwanted.toLowerCase(), `type: expected not ${unwanted}, got ${mediaType(r)}`);
}

// The bytes of the body.
function sizeOf(r) {
  return r.body?.byteLength ?? 0;
}

// Whether there is a value, and it is so.
function has(value, test) {
  return value !== undefined && test(value);
}

// Fails on an error in disguise (a 2xx that is none); `ignored` rules do not apply.
function expectNoSoftFailure(r, ignored = []) {
  const reason = softFailure(r, mediaType(r), ignored);
  expect(!reason, `soft failure: ${reason}`);
}

const ERROR_TITLE = $ERROR_TITLE;

const LOGIN_FORM = $LOGIN_FORM;

// A text that is always in the trace of an exception, and what the trace looks like.
const EXCEPTIONS = $EXCEPTIONS;

const ERROR_HEADING = $ERROR_HEADING;

const ERROR_MESSAGE = $ERROR_MESSAGE;

// Looked for before, since each message has one of them and most pages have none.
const ERROR_MARKS = $MARKED;

// The rule by which a response is an error in disguise, if any.
function softFailure(r, type, ignored) {
  if (r.status < 200 || r.status > 299) return undefined;
  const isJson = type === 'application/json' || type.endsWith('+json');
  const member = isJson && !ignored.includes('json member') && errorMember(text(r));
  if (member) return `json member \`${member}\``;
  const rules = [
    ['error title', (page) => holds(page, '<title>', ERROR_TITLE), type === 'text/html'],
    ['login form', (page) => holds(page, '<input', LOGIN_FORM), type === 'text/html'],
    ['exception text', holdsException, isJson || type.startsWith('text/')],
    ['error message', saysError, type === 'text/html'],
  ];
  return rules.find(([name, isBroken, applies]) => applies && !ignored.includes(name) && isBroken(text(r)))?.[0];
}

// Whether a page holds what a pattern looks for, which begins with `start` and has no more than 500 characters;
// a pattern takes long on a whole page that has other characters than ASCII's.
function holds(page, start, pattern) {
  for (let at = page.indexOf(start); at >= 0; at = page.indexOf(start, at + 1)) {
    if (pattern.test(page.slice(at, at + 500))) return true;
  }
  return false;
}

// Whether a text holds the trace of an exception.
function holdsException(body) {
  return EXCEPTIONS.some(([always, pattern]) => body.includes(always) && pattern.test(body));
}

// Whether a page says that something failed: in a heading, or in a text that is marked so.
function saysError(page) {
  if (holds(page, '<h', ERROR_HEADING)) return true;
  if (!['error', 'danger', 'negative', 'ERROR'].some((word) => page.includes(word))) return false;
  return ERROR_MARKS.some((mark) => page.includes(mark)) && ERROR_MESSAGE.test(page);
}

// The member of a JSON object that tells of an error, if any.
function errorMember(body) {
  const value = parseJson(body);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const isEmpty = (item) => !item || (typeof item === 'object' && Object.keys(item).length === 0);
  return (
    ['errors', 'error'].find((name) => Object.hasOwn(value, name) && !isEmpty(value[name])) ??
    ['success', 'ok'].find((name) => value[name] === false) ??
    (['error', 'fail'].includes(value.status) ? 'status' : undefined)
  );
}
