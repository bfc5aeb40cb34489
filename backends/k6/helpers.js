// The small functions that an emitted script may need; only those that it uses are written into it.

// One value per answered request: connecting, waiting for a free connection and followed redirects included.
const requestDuration = new Trend('request_duration', true);

// Failed requests by kind. The message is in the sample's metadata (see `--out json`).
const requestFailures = new Counter('request_failures');

// The time that the requests of a step took; pauses are not counted.
const stepDuration = new Trend('step_duration', true);

// Milliseconds that the requests of the running step took so far.
let stepTime = 0;

// What this user has told already, so that a failure that repeats does not flood the log.
const told = new Set();

// Why a request failed: `kind: detail`. A reported failure ends the iteration.
class Failure extends Error {
  constructor(reason, reported = false) {
    super(reason);
    this.reported = reported;
  }
}

// Runs one iteration; the first failed request ends it.
function iteration(journey) {
  try {
    journey();
  } catch (error) {
    if (!error.reported) report({ name: exec.scenario.name }, 0, 0, error);
  }
}

// Runs a user's action as a group; its own time is in `step_duration`.
function step(name, actions) { //? !goal
function step(name, actions, goal) { //? goal
  const { tags, metadata } = exec.vu.metrics;
  tags.step = name;
  if (goal) tags.step_goal = goal; //? goal
  stepTime = 0;
  try {
    group(name.replaceAll('::', ':'), actions);
  } catch (error) {
    const failure = error.reported ? error : report({ name }, 0, 0, error);
    metadata.message = failure.message;
    throw failure;
  } finally {
    stepDuration.add(stepTime);
    delete metadata.message;
    delete tags.step;
    delete tags.step_goal; //? goal
  }
}

// Sends a request; throws when it fails.
function send(request) {
  const start = Date.now();
  let response;
  try {
    response = http.request(request.method, wireUrl(request.url), payload(request), parameters(request));
  } catch (error) {
    response = { status: 0, error: error.message };
  }
  const { ms, failure } = judge(request, response, Date.now() - start);
  stepTime += ms;
  if (failure) throw failure;
}

// Sends requests at the same time; throws when one fails, after all have ended.
function parallel(requests) {
  const start = Date.now();
  let responses;
  try {
    responses = http.batch(
      requests.map((request) => ({
        method: request.method,
        url: wireUrl(request.url),
        body: payload(request),
        params: { ...parameters(request), throw: false }, // thrown, it would hide the other responses
      })),
    );
  } catch (error) {
    responses = requests.map(() => ({ status: 0, error: error.message }));
  }
  const wall = Date.now() - start;
  const outcomes = requests.map((request, i) => judge(request, responses[i], wall));
  stepTime += Math.max(...outcomes.map(({ ms }) => ms));
  const failed = outcomes.find(({ failure }) => failure);
  if (failed) throw failed.failure;
}

// The body; k6 would send an empty one in chunks.
function payload({ body }) {
  return body?.length || body?.byteLength ? body : null;
}

// What k6 needs to know besides method, URL and body.
function parameters({ name, headers, statuses, expected, redirects = 0, timeout = $TIMEOUT, verify }) { //? !goal
function parameters({ name, goal, headers, statuses, expected, redirects = 0, timeout = $TIMEOUT, verify }) { //? goal
  return {
    headers,
    redirects,
    timeout,
    tags: { name }, //? !goal
    tags: goal ? { name, goal } : { name }, //? goal
    responseType: verify ? 'text' : 'none',
    responseCallback: http.expectedStatuses(...(expected ?? statuses ?? [{ min: 200, max: 399 }])),
  };
}

// Checks the response of a request and reports the outcome. `wall` is the time in milliseconds as the script saw it.
function judge(request, response, wall) {
  const { status, timings } = response;
  const ms = status && !request.redirects ? timings.blocked + timings.duration : wall;
  let error;
  try {
    if (!status) throw new Failure(`network: ${withoutUrls(response.error)}`);
    if (!request.expected) expectStatus(status, request.statuses);
    request.verify?.(response, ms);
  } catch (caught) {
    error = caught;
  }
  return { ms, failure: report(request, status, ms, error) };
}

// Counts a request as passed, or as failed by an error; gives the failure.
function report({ name }, status, ms, error) { //? !goal
function report({ name, goal }, status, ms, error) { //? goal
  const { metadata } = exec.vu.metrics;
  const tags = { name, status: String(status) };
  if (goal) tags.goal = goal; //? goal
  const reason = error && (error instanceof Failure ? error.message : `script: ${error.message ?? error}`);
  if (reason) Object.assign(metadata, { message: reason, elapsed: String(ms) });
  if (status) requestDuration.add(ms, tags);
  check(null, { [name.replaceAll('::', ':')]: !reason }, tags);
  if (!reason) return undefined;
  const kind = reason.split(':', 1)[0];
  requestFailures.add(1, { ...tags, kind });
  delete metadata.message;
  delete metadata.elapsed;
  if (!told.has(name + kind)) console.error(`${name}: ${reason}`);
  told.add(name + kind);
  return new Failure(reason, true);
}

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

function softFailure(r, type, ignored) {
  if (r.status < 200 || r.status > 299) return undefined;
  const isJson = type === 'application/json' || type.endsWith('+json');
  const member = isJson && !ignored.includes('json member') && errorMember(text(r));
  if (member) return `json member \`${member}\``;
  const rules = [
    ['error title', $ERROR_TITLE, type === 'text/html'],
    ['login form', $LOGIN_FORM, type === 'text/html'],
    ['exception text', $EXCEPTION_SIGNATURE, isJson || type.startsWith('text/')],
  ];
  return rules.find(([name, signature, applies]) => applies && !ignored.includes(name) && signature.test(text(r)))?.[0];
}

// The member of a JSON object that tells of an error, if any.
function errorMember(body) {
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const isEmpty = (item) => !item || (typeof item === 'object' && Object.keys(item).length === 0);
  return (
    ['errors', 'error'].find((name) => Object.hasOwn(value, name) && !isEmpty(value[name])) ??
    ['success', 'ok'].find((name) => value[name] === false) ??
    (['error', 'fail'].includes(value.status) ? 'status' : undefined)
  );
}

// A value that was looked for in a response; a miss fails the request.
function found(value, name, source) {
  expect(value !== undefined, `extraction: ${name} not found (${source})`);
  return value;
}

// Stands for a name that nothing has given a value to.
function missing(name) {
  throw new Failure(`script: no value for \`${name}\``);
}

// The body as text; empty when there is none.
function text(r) {
  return r.body ?? '';
}

function mediaType(r) {
  return (r.headers['Content-Type'] ?? '').split(';', 1)[0].trim().toLowerCase();
}

// The nth text between two boundaries in the body.
function between(r, left, right, nth = 1) {
  const body = text(r);
  let end = 0;
  for (let n = 1; ; n += 1) {
    const at = body.indexOf(left, end);
    const start = at + left.length;
    const stop = at < 0 ? -1 : body.indexOf(right, start);
    if (stop < 0) return undefined;
    if (n === nth) return body.slice(start, stop);
    end = stop + right.length;
  }
}

// The first group (or all, without groups) of the nth match in a text.
function matching(value, pattern, nth = 1) {
  const match = [...(value?.matchAll(pattern) ?? [])][nth - 1];
  return match && (match.length > 1 ? (match[1] ?? '') : match[0]);
}

// The nth value that a CSS selector finds: an attribute, or the text with its white space folded.
function css(r, selector, attribute, nth = 1) {
  const elements = parseHTML(text(r)).find(selector).toArray();
  const values = elements.map((e) => (attribute ? e.attr(attribute) : e.text().trim().replace(/\s+/g, ' ')));
  return values.filter((value) => value !== undefined)[nth - 1];
}

// The nth value of a header; k6 joins repeated headers by commas.
function header(r, name, nth = 1) {
  const value = r.headers[name];
  return nth === 1 ? value : value?.split(', ')[nth - 1];
}

// The nth value that a response sets a cookie to, as it stands in the header.
function cookie(r, name, nth = 1) {
  const value = r.cookies[name]?.[nth - 1]?.value;
  const isQuoted = value !== undefined && r.headers['Set-Cookie'].includes(`${name}="${value}"`);
  return isQuoted ? `"${value}"` : value;
}

// Where a response redirects to.
function redirectTarget(r) {
  const location = r.headers.Location;
  return location === undefined ? undefined : resolve(r.url, location);
}

// In a JSON path: every item or member.
const ANY = null;

// The nth value (null does not count) at a path of member names, indexes, ANY and filters.
function json(r, path, nth = 1) {
  return jsonTexts(r, path).filter((value) => value !== null)[nth - 1]?.text;
}

// The first value at a JSON path, null included.
function jsonFirst(r, path) {
  const values = jsonTexts(r, path);
  return values.length ? (values[0]?.text ?? 'null') : undefined;
}

function jsonTexts(r, path) {
  let nodes;
  try {
    nodes = [readJson(text(r))];
  } catch {
    return [];
  }
  for (const segment of path) nodes = nodes.flatMap((node) => jsonChildren(node, segment));
  return nodes.map((node) => (node === null ? null : { text: jsonText(node) }));
}

// JSON with `n` before each number and `s` before each string and name, so that numbers keep their digits.
function readJson(body) {
  const tokens = /"((?:[^"\\]|\\.)*)"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  JSON.parse(body.replace(tokens, (token, string) => (string === undefined ? '0' : token))); // throws for what is no JSON
  return JSON.parse(body.replace(tokens, (token, string) => (string === undefined ? `"n${token}"` : `"s${string}"`)));
}

function jsonChildren(node, segment) {
  const isObject = node !== null && typeof node === 'object' && !Array.isArray(node);
  if (typeof segment === 'string') return isObject && Object.hasOwn(node, `s${segment}`) ? [node[`s${segment}`]] : [];
  if (typeof segment === 'number') {
    const at = Array.isArray(node) && segment < 0 ? node.length + segment : segment;
    return Array.isArray(node) && at in node ? [node[at]] : [];
  }
  const items = isObject ? Object.values(node) : Array.isArray(node) ? node : [];
  if (segment === ANY) return items;
  return items.filter((item) => {
    const [member] = segment.where.reduce((nodes, name) => nodes.flatMap((n) => jsonChildren(n, name)), [item]);
    return member !== undefined && jsonText(member) === segment.is;
  });
}

// A value read by `readJson` as text: strings as they are, numbers digit for digit, the rest as compact JSON.
function jsonText(node) {
  return typeof node === 'string' ? node.slice(1) : jsonSource(node);
}

function jsonSource(node) {
  if (typeof node === 'string') return node[0] === 'n' ? node.slice(1) : JSON.stringify(node.slice(1));
  if (node === null || typeof node === 'boolean') return String(node);
  if (Array.isArray(node)) return `[${node.map(jsonSource).join(',')}]`;
  const members = Object.entries(node).map(([name, value]) => `${JSON.stringify(name.slice(1))}:${jsonSource(value)}`);
  return `{${members.join(',')}}`;
}

// The URL with what may not stand on the wire percent-encoded; everything else stays as it is.
function wireUrl(url) {
  const [, base, path, query = ''] = /^([^:/?#]+:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/.exec(url) ?? [url, url, ''];
  const wirePath = path.replace(/%(?![0-9A-Fa-f]{2})|[^-\w.~!$&'()*+,;=:@[\]%/]/gu, encodeURIComponent);
  return base + wirePath + query.replace(/[^!-~]/gu, encodeURIComponent);
}

// An error's text without the URLs that k6 quotes in it: they may hold secrets.
function withoutUrls(message) {
  return message
    .replace(/^\w+ "(?:[^"\\]|\\.)*": /, '')
    .replace(/(parse|Location header) "(?:[^"\\]|\\.)*":? ?/g, '$1: ')
    .replace(/\S+->\S+: /, ''); // the ports differ each time
}

// A reference made absolute (RFC 3986, section 5.2).
function resolve(base, reference) {
  const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/s;
  const [, scheme, authority, path, query = '', fragment = ''] = parts.exec(reference);
  const [, baseScheme, baseAuthority = '', basePath, baseQuery = ''] = parts.exec(base);
  if (scheme) return reference;
  if (authority !== undefined) return `${baseScheme}:${reference}`;
  const origin = `${baseScheme}:${baseAuthority}`;
  if (path === '') return origin + basePath + (query || baseQuery) + fragment;
  const merged = path.startsWith('/') ? path : `${basePath.slice(0, basePath.lastIndexOf('/') + 1) || '/'}${path}`;
  return origin + withoutDots(merged) + query + fragment;
}

// A path without its `.` and `..` segments (RFC 3986, section 5.2.4).
function withoutDots(path) {
  const kept = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (['.', '..'].includes(segments.at(-1))) kept.push('');
  return `/${kept.join('/')}`;
}

// Fields as an application/x-www-form-urlencoded text, in their order.
function form(fields) {
  return fields.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

// Separates the parts of multipart bodies.
const boundary = `----------${crypto.randomUUID()}`;

// A multipart/form-data body (RFC 7578), the parts in their order.
function multipart(parts) {
  const quote = (value) => `"${value.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22')}"`;
  const chunks = [];
  for (const { name, value, file, filename, type } of parts) {
    const about = file ? `; filename=${quote(filename)}\r\nContent-Type: ${type}` : '';
    chunks.push(`--${boundary}\r\nContent-Disposition: form-data; name=${quote(name)}${about}\r\n\r\n`, file ?? value, '\r\n');
  }
  return joinBytes([...chunks, `--${boundary}--\r\n`]);
}

// Texts (as UTF-8) and buffers as one buffer.
function joinBytes(chunks) {
  const encoder = new TextEncoder();
  const parts = chunks.map((chunk) => (typeof chunk === 'string' ? encoder.encode(chunk) : new Uint8Array(chunk)));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

// UTF-8, a byte order mark kept.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function hexEscape(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

// All but letters, digits and `-._~` percent-encoded (RFC 3986, section 2.3).
function urlEncode(value) {
  return encodeURIComponent(value).replace(/[!'()*]/g, hexEscape);
}

// Percent-encoding decoded; what is none stays.
function urlDecode(value) {
  return value.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    utf8.decode(Uint8Array.from(run.slice(1).split('%'), (code) => parseInt(code, 16))),
  );
}

// Encoded as a form field: space as `+`, all but letters, digits and `*-._` percent-encoded.
function formEncode(value) {
  return encodeURIComponent(value).replace(/[!'()~]/g, hexEscape).replaceAll('%20', '+');
}

function formDecode(value) {
  return urlDecode(value.replaceAll('+', ' '));
}

// HTML character references replaced by their characters.
function htmlDecode(value) {
  return value.replace(/&(?:#\d+|#[xX][0-9a-fA-F]+|[^\t\n\f <&#;]{1,32});?/g, (reference) =>
    parseHTML(`<i>${reference}</i>`).find('i').text(),
  );
}

// Escaped for the inside of a JSON string.
function jsonEscape(value) {
  return JSON.stringify(value).slice(1, -1);
}

// The text of a base64 or base64url value, padded or not.
function base64Decode(value) {
  const clean = value.replaceAll('-', '+').replaceAll('_', '/').replace(/[^A-Za-z0-9+/]/g, '');
  return clean.length % 4 === 1 ? '' : utf8.decode(b64decode(clean, 'rawstd'));
}

// The time now: `ms` or `s` since 1970, or `iso`.
function now(format = 'ms') {
  const time = Date.now();
  if (format === 'iso') return new Date(time).toISOString();
  return String(format === 's' ? Math.floor(time / 1000) : time);
}

// A random whole number, both ends included.
function random(from, to) {
  return String(Number(from) + Math.floor(Math.random() * (Number(to) - Number(from) + 1)));
}

function randomString(length) {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: Number(length) }, () => characters[Math.floor(Math.random() * characters.length)]).join('');
}

// A pause between two times, in seconds.
function think(shortest, longest) {
  sleep(shortest + Math.random() * (longest - shortest));
}

// The row for this iteration: each iteration of the scenarios that share the data takes another one.
function nextRow(rows, scenarios = [exec.scenario.name]) {
  expect(rows.length, 'script: a data file has no rows');
  return rows[rowNumber(scenarios) % rows.length];
}

// As `nextRow`, but each row is taken once: without a row the user stops.
function nextRowOnce(rows, scenarios = [exec.scenario.name]) {
  const number = rowNumber(scenarios);
  if (number < rows.length) return rows[number];
  if (exec.scenario.executor.endsWith('vus')) sleep(1); // k6 starts the next iteration until the time is over
  throw new Failure('no row is left', true);
}

function rowNumber(scenarios) {
  return exec.scenario.iterationInTest * scenarios.length + scenarios.indexOf(exec.scenario.name);
}

// Rows of a CSV file (RFC 4180) as objects, by the names in its first line.
function parseCsv(content) {
  const records = [[]];
  const cells = content.replace(/^\ufeff/, '').matchAll(/(?:"((?:[^"]|"")*)")?([^,\r\n]*)(,|\r\n|\n|\r|$)/g);
  for (const [, quoted = '', plain, end] of cells) {
    records.at(-1).push(quoted.replaceAll('""', '"') + plain);
    if (end !== ',') records.push([]);
  }
  const [names, ...rows] = records.filter((cells) => cells.length > 1 || cells[0]);
  return (rows ?? []).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
}

function shuffled(items) {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const other = Math.floor(Math.random() * (i + 1));
    [items[i], items[other]] = [items[other], items[i]];
  }
  return items;
}

// A target's base URL; the environment overrides it.
function baseUrl(variable, url) {
  return (__ENV[variable] || url).replace(/\/+$/, '');
}

// Stops the test before its first request when a secret is not in the environment.
function requireSecrets(variables) {
  const absent = variables.filter((variable) => !__ENV[variable]);
  if (absent.length) exec.test.abort(`secrets are read from the environment; not set: ${absent.join(', ')}`);
}

// A number from the environment that overrides the load.
function setting(name) {
  const value = __ENV[`LOADWRIGHT_${name}`];
  if (!value) return undefined;
  if (!(Number(value) > 0)) throw new Error(`LOADWRIGHT_${name} is "${value}": a number above 0 is needed`);
  return Number(value);
}

function duration(seconds) {
  return `${Math.max(Math.round(seconds * 1000), 0)}ms`;
}

// Users who each start the next iteration when the last one ends; times in seconds.
function closedModel(journey, load) {
  const users = setting('USERS') ?? load.users;
  const iterations = setting('ITERATIONS') ?? (setting('DURATION') ? undefined : load.iterations);
  const seconds = Math.max(setting('DURATION') ?? load.duration ?? 24 * 3600, 1);
  const ramp = Math.min(load.ramp ?? 0, seconds);
  if (iterations) {
    const env = ramp ? { RAMP: String(ramp), RAMP_USERS: String(users) } : {}; // see `awaitTurn`
    return { executor: 'per-vu-iterations', exec: journey, vus: users, iterations, maxDuration: duration(seconds), env };
  }
  if (!ramp) return { executor: 'constant-vus', exec: journey, vus: users, duration: duration(seconds) };
  const stages = [
    { duration: duration(ramp), target: users },
    { duration: duration(seconds - ramp), target: users },
  ];
  return { executor: 'ramping-vus', exec: journey, startVUs: 1, stages };
}

// Spreads the first iterations of the users over the ramp, where the executor has none of its own.
function awaitTurn() {
  const users = Number(__ENV.RAMP_USERS);
  if (users && exec.vu.iterationInScenario === 0) sleep((Number(__ENV.RAMP) * ((exec.vu.idInTest - 1) % users)) / users);
}

// Iterations that start at a rate (per second), whether or not earlier ones have ended; `lasting` is how long one takes.
function openModel(journey, load) {
  const perSecond = setting('RATE') ?? load.rate;
  const seconds = Math.max(setting('DURATION') ?? load.duration, 1);
  const ramp = Math.min(load.ramp ?? 0, seconds);
  const isWhole = (number) => number >= 1 && Math.abs(number - Math.round(number)) < 1e-6;
  const unit = [1, 10, 60, 100, 1000, 3600, 86400].find((s) => isWhole(perSecond * s)) ?? 1e6;
  const rate = Math.max(Math.round(perSecond * unit), 1);
  const common = {
    exec: journey,
    timeUnit: `${unit}s`,
    preAllocatedVUs: Math.min(Math.max(Math.ceil(perSecond * load.lasting), 1), load.maxInFlight),
    maxVUs: load.maxInFlight,
  };
  if (!ramp) return { executor: 'constant-arrival-rate', rate, duration: duration(seconds), ...common };
  const stages = [
    { duration: duration(ramp), target: rate },
    { duration: duration(seconds - ramp), target: rate },
  ];
  return { executor: 'ramping-arrival-rate', startRate: 0, stages, ...common };
}
