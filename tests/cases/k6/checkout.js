// Shop checkout
//
// A load test for k6, made by Loadwright. Files that it reads lie beside it. Run: k6 run script.js
//
// Environment variables:
//   LOADWRIGHT_TARGET_SHOP: the base URL instead of https://shop.example.com
//   SHOP_PASSWORD: the secret `password` (required)
//   LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (per second), LOADWRIGHT_THINK (factor on think times): another load
//   LOADWRIGHT_SEED: any text; the same one gives the same random values

import { check, group, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { parseHTML } from 'k6/html';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

// What all random numbers of the run depend on.
const seed = runSeed();

// How many scenarios the load has, and users of those who are not arrivals.
const inAll = { scenarios: 0, users: 0 };

const targets = {
  shop: baseUrl('LOADWRIGHT_TARGET_SHOP', 'https://shop.example.com'),
};

const secrets = {
  password: __ENV.SHOP_PASSWORD,
};

const data = {
  users: new SharedArray('users', () => shuffled('users', parseCsv(open('./users.csv')))),
};

const headers = {
  'Accept-Language': 'en-GB',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
};

// With `throw`, `send` tells of a request without an answer; k6 would log its URL, which may hold a secret.
export const options = {
  scenarios: {
    checkout: openModel('checkout', { rate: 20, duration: 900, ramp: 180, maxInFlight: 1000 }),
  },
  thresholds: {
    request_duration: ['p(95)<800'],
    'step_duration{step:Log in}': ['p(99)<1500'],
    checks: ['rate>0.99'],
    'request_failures{kind:soft failure}': ['count==0'],
  },
  throw: true,
};

export function setup() {
  requireSecrets(['SHOP_PASSWORD']);
}

// A returning customer buys one item
export function checkout() {
  iteration(() => {
    const row = { users: nextRow(data.users) };
    const v = {};
    v.trace = randomUuid();

    // shop.intent:23
    step('Open the shop', () => {
      // shop.intent:24
      send({
        name: 'GET /',
        method: 'GET',
        url: `${targets.shop}/`,
        headers,
        statuses: [200],
        verify(r) {
          expect(text(r).includes('Welcome'), 'text: body does not contain "Welcome"');
          expectNoSoftFailure(r);
          v.csrf = found(
            css(r, 'input[name=csrfmiddlewaretoken]', 'value')[0],
            'csrf',
            'css input[name=csrfmiddlewaretoken] @value',
          );
        },
      });
      // shop.intent:28
      parallel([
        {
          name: 'GET /static/app.css',
          method: 'GET',
          url: `${targets.shop}/static/app.css`,
          headers,
          verify: (r) => expectNoSoftFailure(r),
        },
        {
          name: 'GET /static/app.js',
          method: 'GET',
          url: `${targets.shop}/static/app.js`,
          headers,
          verify: (r) => expectNoSoftFailure(r),
        },
      ]);
    });

    think(2, 5);

    // shop.intent:31
    step('Log in', () => {
      // shop.intent:32
      send({
        name: 'POST /login',
        method: 'POST',
        url: `${targets.shop}/login`,
        headers: { ...headers, Referer: `${targets.shop}/login`, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: form([['username', row.users.name], ['password', secrets.password], ['csrfmiddlewaretoken', v.csrf]]),
        statuses: [302],
        verify(r) {
          expectNoSoftFailure(r);
          v.next = found(
            matching(r.headers.Location, /next=([^&]+)/g)[0],
            'next',
            'header location matching /next=([^&]+)/',
          );
        },
      });
      // shop.intent:39
      send({
        name: 'GET {next}',
        method: 'GET',
        url: `${targets.shop}${urlDecode(v.next)}`,
        headers,
        verify: (r) => expectNoSoftFailure(r),
      });
    });

    // shop.intent:45
    step('Pay', () => {
      // shop.intent:46
      send({
        name: 'POST /api/orders',
        method: 'POST',
        url: `${targets.shop}/api/orders`,
        headers: { ...headers, 'X-Trace': v.trace, 'Content-Type': 'application/json' },
        body: JSON.stringify({ item: v.csrf, quantity: 1, ref: randomUuid(), tags: ['a', null] }),
        verify(r, ms) {
          expectType(r, 'application/json');
          expect(jsonFirst(r, ['status']) === 'accepted', 'json: $.status is not "accepted"');
          expect(ms < 800, `time: expected less than 800 ms, took ${Math.round(ms)} ms`);
          expectNoSoftFailure(r);
          v.order = found(json(r, ['order', 'id'])[0], 'order', 'json $.order.id');
        },
      });
      // shop.intent:52
      send({
        name: 'GET /api/orders/{order}',
        method: 'GET',
        url: `${targets.shop}/api/orders/${v.order}?expand=${formEncode(v.next)}`,
        headers,
        redirects: 20,
        statuses: [200, 404],
        verify: (r) => expectNoSoftFailure(r),
      });
    });
  });
}

// Helpers

// One value per iteration; the message of what failed it is in the sample's metadata.
const journeyDuration = new Trend('journey_duration', true);

// The time that the requests of a step took; pauses are not counted.
const stepDuration = new Trend('step_duration', true);

// Milliseconds that the requests of the running step took so far.
let stepTime = 0;

// Why a request failed: `kind: detail`. A reported failure ends the iteration.
class Failure extends Error {
  constructor(reason, reported = false) {
    super(reason);
    this.reported = reported;
  }
}

// Runs one iteration; the first failed request ends it.
function iteration(actions) {
  startUser();
  startRandom();
  const start = Date.now();
  const failure = attempt(actions);
  reportIteration(start, failure);
  user.turn += 1;
  if (user.turn === 1) letOthersBegin();
}

// Runs a part of a journey to its end, to a stop, or to its first failure, which is given back.
function attempt(actions) {
  try {
    actions();
  } catch (error) {
    return error.reported ? error : report({ name: exec.vu.metrics.tags.journey }, 0, 0, error);
  }
  return undefined;
}

function reportIteration(start, failure) {
  const { metadata } = exec.vu.metrics;
  if (failure) metadata.message = failure.message;
  journeyDuration.add(Date.now() - start);
  delete metadata.message;
}

// Runs a user's action as a group; its own time is in `step_duration`.
function step(name, actions) {
  const { tags, metadata } = exec.vu.metrics;
  tags.step = name;
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
  }
}

// One value per answered request: connecting, waiting for a free connection and followed redirects included.
const requestDuration = new Trend('request_duration', true);

// Failed requests by kind. The message is in the sample's metadata (see `--out json`).
const requestFailures = new Counter('request_failures');

// What this user has told already, so that a failure that repeats does not flood the log.
const told = new Set();

// Sends a request; throws when it fails.
function send(request) {
  const [response, wall] = exchange(request);
  const { ms, failure } = judge(request, response, wall);
  stepTime += ms;
  if (failure) throw failure;
}

// Sends a request and gives its response, with the milliseconds that it took as the script saw it.
function exchange(request) {
  const start = Date.now();
  let response;
  try {
    response = http.request(request.method, wireUrl(request.url), payload(request), parameters(request));
  } catch (error) {
    response = { status: 0, error: error.message };
  }
  return [response, Date.now() - start];
}

// Sends requests at the same time; throws when one fails, after all have ended.
function parallel(requests) {
  const { responses, wall } = batch(requests);
  const outcomes = requests.map((request, i) => judge(request, responses[i], wall));
  stepTime += Math.max(...outcomes.map(({ ms }) => ms));
  const failed = outcomes.find(({ failure }) => failure);
  if (failed) throw failed.failure;
}

function batch(requests) {
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
  return { responses, wall: Date.now() - start };
}

// The body; k6 would send an empty one in chunks.
function payload({ body }) {
  return body?.length || body?.byteLength ? body : null;
}

// What k6 needs to know besides method, URL and body.
function parameters(request) {
  const { name, headers, redirects = 0, timeout = 30000, verify } = request;
  const { statuses, expected = statuses } = request;
  const params = { redirects, timeout, tags: { name }, responseType: verify ? 'text' : 'none' };
  params.headers = { Connection: 'keep-alive', ...headers }; // as browsers say it: some servers close without it, and do not tell
  if (expected) params.responseCallback = http.expectedStatuses(...expected); // k6's own: 200 to 399
  return params;
}

// The milliseconds that a request took. `wall` is what the script saw.
function timeOf(request, { status, timings }, wall) {
  return status && !request.redirects ? timings.blocked + timings.duration : wall;
}

// Checks the response of a request and reports the outcome.
function judge(request, response, wall) {
  const { status } = response;
  const ms = timeOf(request, response, wall);
  let error;
  try {
    if (!status) throw new Failure(`network: ${withoutUrls(response.error)}`);
    if (request.redirects && isRedirect(response)) throw new Failure(`network: more than ${request.redirects} redirects`);
    if (!request.expected) expectStatus(status, request.statuses, request.unwanted);
    request.verify?.(response, ms);
  } catch (caught) {
    error = caught;
  }
  return { ms, failure: report(request, status, ms, error) };
}

// Whether k6 gave up following redirects.
function isRedirect({ status, headers }) {
  return [301, 302, 303, 307, 308].includes(status) && headers.Location !== undefined;
}

// Counts a request as passed, or as failed by an error; gives the failure.
function report(request, status, ms, error) {
  const { metadata } = exec.vu.metrics;
  const { name } = request;
  const tags = { name, status: String(status) };
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

// Fails on an error in disguise (a 2xx that is none); `ignored` rules do not apply.
function expectNoSoftFailure(r, ignored = []) {
  const reason = softFailure(r, mediaType(r), ignored);
  expect(!reason, `soft failure: ${reason}`);
}

const ERROR_TITLE = new RegExp('<title>(?:[^<"\'][^<]{0,79})?(?:[Ee]rror|[Ee]xception|[Ff]orbidden|[Nn]ot [Ff]ound|[Uu]navailable|[Dd]enied|[Ss]eite nicht gefunden|[Zz]ugriff verweigert|[Ss]itzung (?:ist )?abgelaufen|[Ee]in (?:unerwarteter )?Fehler ist aufgetreten|[Pp]age (?:introuvable|non trouvée)|[Aa]ccès (?:refusé|interdit)|[Ss]ession expirée|[Uu]ne erreur (?:est survenue|s[^\\n]est produite)|[Pp]ágina no encontrada|[Aa]cceso denegado|[Ss]esión (?:caducada|expirada)|(?:[Ss]e ha producido|[Hh]a ocurrido) un error|[Pp]ágina não encontrada|[Aa]cesso negado|[Ss]essão expirada|[Oo]correu um erro|[Pp]agina non trovata|[Aa]ccesso negato|[Ss]essione scaduta|[Ss]i è verificato un errore|[Pp]agina niet gevonden|[Tt]oegang geweigerd|[Ss]essie verlopen|[Ee]r is een fout opgetreden|ページが見つかりません|アクセスが拒否されました|セッションの有効期限が切れました|エラーが発生しました|页面(?:未找到|不存在)|访问被拒绝|拒绝访问|会话已过期|系统错误)[^<]{0,80}</title>', 'u');

const LOGIN_FORM = /<input[^>]{0,200}type=["']?password/u;

// A text that is always in the trace of an exception, and what the trace looks like.
const EXCEPTIONS = [
  ['Traceback (most', /Traceback \(most recent call last\)/],
  ['Exception in thread', /Exception in thread/],
  ['.java:', /\.java:[0-9]{1,6}\)/],
  ['Unhandled exception', /Unhandled exception/],
  ["Server Error in '", /Server Error in '[^']{0,80}' Application/u],
  ['.cs:line ', /\.cs:line [0-9]/],
  ['Fatal error: ', /Fatal error: {1,2}Uncaught/],
  ['Fatal error</b>:', /Fatal error<\/b>:/],
  ['.rb:', /\.rb:[0-9]{1,6}:in /],
  ['ORA-', /ORA-[0-9]{5}:/],
  ['You have an error in your SQL', /You have an error in your SQL syntax/],
  ['SQLSTATE[', /SQLSTATE\[/],
  ['goroutine ', /goroutine [0-9]{1,9} \[running\]/],
  ['.js:', /\.js:[0-9]{1,6}:[0-9]{1,6}\)/],
  ['.ts:', /\.ts:[0-9]{1,6}:[0-9]{1,6}\)/],
  ['.rs:', /\.rs:[0-9]{1,6}:[0-9]{1,6}/],
  ['.pm line ', /\.pm line [0-9]{1,6}[.,]/],
  ['.pl line ', /\.pl line [0-9]{1,6}[.,]/],
  ['.ex:', /\.ex:[0-9]{1,6}: [A-Z]/],
];

const ERROR_HEADING = new RegExp('<h[12](?: [^<>]{0,200})?>[ \\t\\r\\n]{0,50}(?:[Ee]rror:? )?(?:(?:40[0-9]|50[0-9])(?: ?[-:] ?| ))?(?:(?:[Pp]age |[Rr]ecord |[Ff]ile |[Oo]bject )?[Nn]ot [Ff]ound|(?:[Aa]ccess |[Pp]ermission )(?:is )?[Dd]enied|[Ff]orbidden|[Uu]nauthori[sz]ed|(?:[Aa]n? )?(?:[Uu]nexpected |[Ii]nternal |[Aa]pplication |[Ss]erver |[Ff]atal ){0,2}[Ee]rror(?: (?:has )?occurr?ed)?|[Ss]omething went wrong|[Ss]ession (?:has )?expired|[Ss]eite nicht gefunden|[Zz]ugriff verweigert|[Ss]itzung (?:ist )?abgelaufen|[Ee]in (?:unerwarteter )?Fehler ist aufgetreten|[Pp]age (?:introuvable|non trouvée)|[Aa]ccès (?:refusé|interdit)|[Ss]ession expirée|[Uu]ne erreur (?:est survenue|s[^\\n]est produite)|[Pp]ágina no encontrada|[Aa]cceso denegado|[Ss]esión (?:caducada|expirada)|(?:[Ss]e ha producido|[Hh]a ocurrido) un error|[Pp]ágina não encontrada|[Aa]cesso negado|[Ss]essão expirada|[Oo]correu um erro|[Pp]agina non trovata|[Aa]ccesso negato|[Ss]essione scaduta|[Ss]i è verificato un errore|[Pp]agina niet gevonden|[Tt]oegang geweigerd|[Ss]essie verlopen|[Ee]r is een fout opgetreden|ページが見つかりません|アクセスが拒否されました|セッションの有効期限が切れました|エラーが発生しました|页面(?:未找到|不存在)|访问被拒绝|拒绝访问|会话已过期|系统错误)[.!。]?[ \\t\\r\\n]{0,50}</h[12]>', 'u');

const ERROR_MESSAGE = /<(?:div|p|ul|ol|li|section|span|strong)[ \t\r\n][^<>]{0,200}?(?:class|id)=["'](?:errors?|(?:[^"'<>]{0,100}[ _-])?(?:alert-danger|alert-error|errorlist|errornote|errorbox|error-box|error-summary|summary-errors|error-message|error_message|errorMessage|error-explanation|error_explanation|errorExplanation|notice-error|message-error|messages-error|messages--error|message-box-error|flash-error|flash_error|flash error|message error|messages error|error message|negative message|is-danger|feedbackPanelERROR)s?(?: [^"'<>]{0,100})?)["'][^<>]{0,200}>(?:[ \t\r\n]{0,50}(?:<[A-Za-z][^<>]{0,150}>|<\/(?:i|svg|path|use)>)){0,6}[ \t\r\n]{0,50}(?:[^<&* \t\r\n]|&[^n])/u;

// Looked for before, since each message has one of them and most pages have none.
const ERROR_MARKS = [
  'alert-danger', 'alert-error', 'errorlist', 'errornote', 'errorbox', 'error-box',
  'error-summary', 'summary-errors', 'error-message', 'error_message', 'errorMessage', 'error-explanation',
  'error_explanation', 'errorExplanation', 'notice-error', 'message-error', 'messages-error', 'messages--error',
  'message-box-error', 'flash-error', 'flash_error', 'flash error', 'message error', 'messages error',
  'error message', 'negative message', 'is-danger', 'feedbackPanelERROR', '="error', "='error",
];

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

// A value that was looked for in a response; a miss fails the request.
function found(value, name, source) {
  expect(value !== undefined, `extraction: ${name} not found (${source})`);
  return value;
}

// The body as text; empty when there is none.
function text(r) {
  return r.body ?? '';
}

function mediaType(r) {
  return (r.headers['Content-Type'] ?? '').split(';', 1)[0].trim().toLowerCase();
}

// The first group (or all, without groups) of each match in a text.
function matching(value, pattern) {
  return [...(value?.matchAll(pattern) ?? [])].map((match) => (match.length > 1 ? (match[1] ?? '') : match[0]));
}

// The values that a CSS selector finds: an attribute, or the text with its white space folded.
function css(r, selector, attribute) {
  const elements = parseHTML(text(r)).find(selector).toArray();
  const values = elements.map((e) => (attribute ? e.attr(attribute) : e.text().trim().replace(/\s+/g, ' ')));
  return values.filter((value) => value !== undefined);
}

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

// The URL with what may not stand on the wire percent-encoded; everything else stays as it is.
function wireUrl(url) {
  if (/^(?:[-\w.~!$&'()*+,;=:@[\]\/]|%[0-9A-Fa-f]{2})*(?:\?[!"$-~]*)?$/.test(url)) return url;
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

// Fields as an application/x-www-form-urlencoded text, in their order.
function form(fields) {
  return fields.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

// UTF-8, a byte order mark kept.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function hexEscape(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
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

// The user whose iterations are run: its number in its scenario and that of its iteration, both from 0, and what it keeps.
const user = { number: 0, turn: 0, late: 0 };

// The random numbers of the running iteration; see `startRandom`.
let random;

// LOADWRIGHT_SEED, or a seed by chance, the same for all users. To be called outside of iterations.
function runSeed() {
  return __ENV.LOADWRIGHT_SEED || new SharedArray('LOADWRIGHT_SEED', () => [crypto.randomUUID()])[0];
}

// Starts the random numbers of an iteration, of `setup` or of `teardown`.
function startRandom(turn = user.turn) {
  random = randomNumbers(`${seed}:${exec.vu.metrics.tags.journey}:${user.number}:${turn}`);
}

// Takes note of whose iteration this is. Each arrival of an open load is a user of its own, and so is a VU that k6 starts again.
function startUser() {
  const { metadata } = exec.vu.metrics;
  if (exec.scenario.executor.endsWith('arrival-rate')) newUser(exec.scenario.iterationInTest);
  else if (metadata.user === undefined) newUser(userNumber());
  metadata.user = String(user.number);
  return user;
}

// `v` has its values, `row` its rows of data; `load` is what its scenario says.
function newUser(number) {
  const own = { v: { __proto__: null }, row: {}, counters: {}, taken: {} };
  const state = { isOver: false, isAbsent: false, hasBegun: false, isInSetup: undefined, until: undefined, isLate: false };
  Object.assign(user, { number, turn: 0, ...own, ...state, load: JSON.parse(__ENV.LOAD) });
}

// The user's number in its scenario, from 0: k6 numbers users over all scenarios, in no certain order. Where there are
// several, the number is that of the user's first iteration; see `letOthersBegin`.
function userNumber() {
  const isAlone = inAll.scenarios === 1;
  const { executor, iterationInTest } = exec.scenario;
  if (isAlone) return exec.vu.idInTest - 1;
  const isOrdered = executor === 'ramping-vus' || iterationInTest < JSON.parse(__ENV.LOAD).users;
  if (!isOrdered) console.warn('too busy a machine: not all users are numbered from 0');
  sleep(allHaveBegun() / 5); // lets the others begin before this one has work for the machine
  return iterationInTest;
}

// No user starts its second iteration before all have begun their first, by which they, or their rows, are numbered.
function letOthersBegin() {
  if (user.hasWaited) return;
  user.hasWaited = true;
  if (inAll.scenarios === 1) return;
  if (user.load.users > 1) sleep(Math.max(allHaveBegun() - elapsed(), 0));
}

// Seconds after which surely all users have begun.
function allHaveBegun() {
  return 0.3 + inAll.users / 250;
}

// Random numbers (mulberry32) that start from a text (FNV-1a).
function randomNumbers(key) {
  let state = 0x811c9dc5;
  for (const byte of new Uint8Array(new TextEncoder().encode(key))) state = Math.imul(state ^ byte, 0x01000193);
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const unit = () => ((draw() >>> 5) * 67108864 + (draw() >>> 6)) / 9007199254740992;
  const integer = (lowest, highest) => lowest + Math.floor(unit() * (highest - lowest + 1));
  const letters = (length, alphabet) => Array.from({ length }, () => alphabet[integer(0, alphabet.length - 1)]).join('');
  return {
    ...{ draw, unit, integer, letters },
    shuffled: (items) => {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i -= 1) {
        const other = integer(0, i);
        [order[i], order[other]] = [order[other], order[i]];
      }
      return order;
    },
  };
}

// A UUID, version 4.
function randomUuid() {
  const hex = Array.from({ length: 4 }, () => random.draw().toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16], 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

// A pause in seconds; LOADWRIGHT_THINK makes all of them longer or shorter (0: none).
function pause(seconds) {
  sleep(seconds * Number(__ENV.LOADWRIGHT_THINK || 1));
}

// A pause between two times, in seconds.
function think(shortest, longest) {
  pause(shortest + random.unit() * (longest - shortest));
}

// The next row, whoever takes it: each iteration of the scenarios that share the data takes another one.
function nextRow(rows, scenarios) {
  return rowAt(rows, iterationRow(scenarios) % rows.length);
}

function rowAt(rows, number) {
  expect(rows.length, 'script: a data file has no rows');
  return rows[number];
}

// The number of the row for this iteration.
function iterationRow(scenarios = [exec.scenario.name]) {
  const { iterationInTest } = exec.scenario;
  return iterationInTest * scenarios.length + scenarios.indexOf(exec.scenario.name);
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

// The rows in another order, the same for all users.
function shuffled(name, rows) {
  return randomNumbers(`${seed}:data:${name}`).shuffled(rows);
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

// A level of the load; in a mix, what the environment gives is that of the whole mix.
function levelOf(name, own, ofAll = own) {
  const given = setting(name);
  return given === undefined ? own : (given * own) / ofAll;
}

function duration(seconds) {
  return `${Math.max(Math.round(seconds * 1000), 0)}ms`;
}

// What every executor is told.
function scenario(name, { journey = name, gracefulStop = 30 }, facts = {}) {
  inAll.scenarios += 1;
  inAll.users += facts.users ?? 0;
  const env = { LOAD: JSON.stringify(facts) }; // what the script itself must know of its load
  return { exec: name, gracefulStop: duration(gracefulStop), tags: { journey }, env };
}

// The line of a ramp and what comes after it. A ramp that is longer than the whole is cut off.
function rampedLine(level, ramp, seconds) {
  if (ramp > seconds) return [{ start: 0, end: seconds, first: 0, last: (level * seconds) / ramp }];
  return [
    { start: 0, end: ramp, first: 0, last: level },
    { start: ramp, end: seconds, first: level, last: level },
  ];
}

// Seconds since the scenario began.
function elapsed() {
  return (Date.now() - exec.scenario.startTime) / 1000;
}

// Iterations that start at a rate (per second) whether or not earlier ones have ended.
function openModel(name, load) {
  const perSecond = levelOf('RATE', load.rate, load.mix);
  const seconds = setting('DURATION') ?? load.duration;
  const { ramp = 0 } = load;
  const line = rampedLine(perSecond, ramp, seconds);
  const { unit, perUnit } = wholeRates(line.map(({ last }) => last));
  const common = arrivals(name, load, line, unit);
  // ends after the last iteration has started and before the one that would start when the time is over
  const enough = Math.min((Math.ceil(perSecond * seconds - 1e-9) - 0.5) / perSecond, seconds);
  if (!ramp && enough >= 1) {
    return { executor: 'constant-arrival-rate', ...common, rate: perUnit(perSecond), duration: duration(enough) };
  }
  return { executor: 'ramping-arrival-rate', ...common, ...rampedRates(line, unit, perUnit) };
}

// What the executors of arrivals are told. All users that may be needed are prepared: k6 would drop an iteration to make one.
function arrivals(name, load, line, unit) {
  const common = scenario(name, load);
  const coming = line.reduce((sum, { start, end, first, last }) => sum + ((first + last) * (end - start)) / 2, 0);
  const most = Math.min(load.maxInFlight, Math.ceil(coming) + 1);
  const tags = { ...common.tags, model: 'open' };
  return { ...common, tags, timeUnit: `${unit}s`, preAllocatedVUs: most, maxVUs: most };
}

// The shortest unit of time in which the rates (per second) are whole numbers.
function wholeRates(rates) {
  const isWhole = (number) => number === 0 || (number >= 1 && Math.abs(number - Math.round(number)) < 1e-6);
  const unit = [1, 10, 60, 100, 1000, 3600, 86400].find((s) => rates.every((rate) => isWhole(rate * s))) ?? 1e6;
  return { unit, perUnit: (rate) => (rate ? Math.max(Math.round(rate * unit), 1) : 0) };
}

// The stages of `ramping-arrival-rate` for a line. k6 starts an iteration when the area under the line has grown by one; the
// first millisecond is for the first iteration, so that it starts at once.
function rampedRates(line, unit, perUnit) {
  const burst = 1000 * unit;
  const stages = [{ duration: '1ms', target: burst }];
  line.forEach(({ start, end, first, last }, i) => {
    if (perUnit(first) !== stages.at(-1).target) stages.push({ duration: '0s', target: perUnit(first) });
    if (end > start) stages.push({ duration: duration(end - start - (i === line.length - 1 ? 0.001 : 0)), target: perUnit(last) });
  });
  return { startRate: burst, stages };
}
