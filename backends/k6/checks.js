// What must hold for a response. A script holds those parts of this that it uses.

// Fails the request with a reason unless the condition holds.
function expect(condition, reason) {
  if (!condition) throw new Failure(reason);
}

function expectStatus(status, statuses) {
  const wanted = statuses ? statuses.join(' or ') : '200 to 399';
  const passes = statuses ? statuses.includes(status) : status >= 200 && status < 400;
  expect(passes, `status: expected ${wanted}, got ${status}`);
}

// `expected` is a media type without parameters.
function expectType(r, expected) {
  const type = mediaType(r);
  expect(type === expected.toLowerCase(), `type: expected ${expected}, got ${type || 'none'}`);
}

// Fails on an error in disguise (a 2xx that is none); `ignored` rules do not apply.
function expectNoSoftFailure(r, ignored = []) {
  const reason = softFailure(r, mediaType(r), ignored);
  expect(!reason, `soft failure: ${reason}`);
}

const ERROR_TITLE = $ERROR_TITLE;

const LOGIN_FORM = $LOGIN_FORM;

const EXCEPTION_SIGNATURE = $EXCEPTION_SIGNATURE;

// The rule by which a response is an error in disguise, if any.
function softFailure(r, type, ignored) {
  if (r.status < 200 || r.status > 299) return undefined;
  const isJson = type === 'application/json' || type.endsWith('+json');
  const member = isJson && !ignored.includes('json member') && errorMember(text(r));
  if (member) return `json member \`${member}\``;
  const rules = [
    ['error title', ERROR_TITLE, type === 'text/html'],
    ['login form', LOGIN_FORM, type === 'text/html'],
    ['exception text', EXCEPTION_SIGNATURE, isJson || type.startsWith('text/')],
  ];
  return rules.find(([name, signature, applies]) => applies && !ignored.includes(name) && signature.test(text(r)))?.[0];
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
