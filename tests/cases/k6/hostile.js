// x\u000a};alert(1)\u2028"'\\n${x}$${x}{{x}}#{x}\u000a\u000d\u000a\u0009</stringProp>]]><!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\u{41}# no comment'''"""%0A%+ $}{|*///\'null__proto__
//
// A load test for k6, made by Loadwright. Files that it reads lie beside it. Run: k6 run script.js
//
// Environment variables:
//   LOADWRIGHT_TARGET___PROTO__: the base URL instead of https://'\u000a.example.com
//   LOADWRIGHT_TARGET_CLASS: the base URL instead of http://127.0.0.1
//   A-B: the secret `a b` (required)
//   LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (per second), LOADWRIGHT_THINK (factor on think times): another load

import { check, group, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { parseHTML } from 'k6/html';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

// How many scenarios the load has, and users of those who are not arrivals.
const inAll = { scenarios: 0, users: 0 };

const targets = {
  ['__proto__']: baseUrl('LOADWRIGHT_TARGET___PROTO__', "https://'\n.example.com"),
  class: baseUrl('LOADWRIGHT_TARGET_CLASS', 'http://127.0.0.1'),
};

const secrets = {
  'a b': __ENV['A-B'],
};

const data = {
  row: new SharedArray('row', () => parseCsv(open("./da'ta.csv"))),
};

const files = {
  "../'x`${y}": open("./../'x`${y}", 'b'),
};

const headers = {
  'X-A': '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__, 2',
};

// With `throw`, `send` tells of a request without an answer; k6 would log its URL, which may hold a secret.
export const options = {
  scenarios: {
    handleSummary: closedModel('handleSummary2', { users: 1, iterations: 1, journey: 'handleSummary' }),
  },
  thresholds: {
    request_failures: ['count==0'],
    'step_duration{step_goal:1}': ['max<1000'],
    'request_duration{goal:2}': ['p(95)<=10.5'],
    'http_reqs{name:json}': ['rate>=5'],
  },
  throw: true,
};

export function setup() {
  requireSecrets(['A-B']);
}

// */ "'\\n${x}$${x}{{x}}#{x}\u000a\u000d\u000a\u0009</stringProp>]]><!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\u{41}# no comment'''"""%0A%+ $}{|*///\'null__proto__
export function handleSummary2() {
  iteration(() => {
    const row = { row: nextRowOnce(data.row) };
    const v = { __proto__: null };
    v.constructor = `"'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__${secrets['a b']}`;
    v.__proto__ = '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__';
    v.v = row.row['say "hi"'];

    step('A::b, "c" "\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__', () => {
      send({
        name: 'name, "\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
        tags: { goal: '2' },
        method: 'PO"ST',
        url: `${targets.__proto__}/"'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__${v.v}"'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__`,
        headers: {
          ...headers,
          '"\n': '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
          'Content-Type': '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
        },
        body: `"'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__${v.__proto__}`,
        expected: [200],
        verify(r) {
          expect(
            text(r).includes('"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__'),
            'text: body does not contain ""\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__"',
          );
          expect(text(r) !== `k${v.constructor}`, 'text: body equals "…"');
          expect(
            new RegExp('[`${x}`"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__').test((r.headers['"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__'] ?? '')),
            'text: header "\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__ does not match "[`${x}`"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__"',
          );
          expect(
            jsonFirst(r, ["a'`${b}\\"]) === `"'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__${v.v}`,
            `json: $['a\\'\`\${b}\\\\'] is not ""'\\\\n\${x}$\${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é\`\${__groovy(1)}\\u{41}# no comment'''"""%0A%+ $}{|*///\\'null__proto__${v.v}"`,
          );
          expectStatus(r.status, [200]);
          v['x y'] = between(r, '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__', '`')[0] ?? `${v.v}\``;
          v.csrf = found(css(r, 'a[href="`${x}"]')[2], 'csrf', 'css a[href="`${x}"]');
          v.re = found(matching(text(r), /<\/script>[^`${x}]\//gu)[0], 're', 'regex /<\/script>[^`${x}]//');
        },
      });
      // On its own: k6 logs the URLs of failed requests of a batch, and this one holds a secret.
      send({
        name: 'secret',
        method: 'GET',
        url: `${targets.class}/?k=${v.constructor}`,
        headers,
        statuses: [200],
      });
      parallel([
        {
          name: 'multi',
          method: 'POST',
          url: `${targets.class}/`,
          headers: { ...headers, 'Content-Type': `multipart/form-data; boundary=${boundary}` },
          body: multipart([
            {
              name: '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
              value: '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
            },
            {
              name: '"',
              filename: '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
              type: 'a b: c',
              file: files["../'x`${y}"],
            },
          ]),
          statuses: [200],
        },
      ]);
      send({
        name: 'json',
        method: 'POST',
        url: `${targets.class}/`,
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: '{"__proto__":"\\"\'\\\\\\\\n${x}$${x}{{x}}#{x}\\n\\r\\n\\t</stringProp>]]><\!--&amp;\u2028\u2029\\u0000\\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\\\u{41}# no comment\'\'\'\\"\\"\\"%0A%+ $}{|*///\\\\\'null__proto__","\\"\'\\\\\\\\n${x}$${x}{{x}}#{x}\\n\\r\\n\\t</stringProp>]]><\!--&amp;\u2028\u2029\\u0000\\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\\\u{41}# no comment\'\'\'\\"\\"\\"%0A%+ $}{|*///\\\\\'null__proto__":1e1}',
        statuses: [200],
      });
      send({
        name: 'json2',
        method: 'POST',
        url: `${targets.class}/`,
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          ['__proto__']: '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__',
          '"\'\\\\n${x}$${x}{{x}}#{x}\n\r\n\t</stringProp>]]><\!--&amp;\u2028\u2029\u0000\u001b[31m\u0085\u200b\ufeff1e999😀👨\u200d👩é`${__groovy(1)}\\u{41}# no comment\'\'\'"""%0A%+ $}{|*///\\\'null__proto__': [],
        }),
        statuses: [200],
      });
      send({
        name: 'gone',
        method: 'GET',
        url: `${targets.class}/${missing('no such name`')}`,
        headers,
        statuses: [200],
      });
    }, '1');
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

// Ends an iteration, or its user too, without a failure.
class Stop extends Error {
  constructor(what) {
    super(`stop ${what}`);
    this.what = what;
  }
}

// Runs one iteration; the first failed request ends it.
function iteration(actions) {
  startUser();
  if (isGone()) return leave();
  const start = Date.now();
  const failure = attempt(actions);
  if (user.isAbsent) return leave();
  reportIteration(start, failure);
  user.turn += 1;
  if (isGone()) leave();
}

// Runs a part of a journey to its end, to a stop, or to its first failure, which is given back.
function attempt(actions) {
  try {
    actions();
  } catch (error) {
    if (!(error instanceof Stop)) return error.reported ? error : report({ name: exec.vu.metrics.tags.journey }, 0, 0, error);
    if (error.what !== 'iteration') user.isOver = true;
    if (error.what === 'absence') user.isAbsent = true;
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
function step(name, actions, goal) {
  const { tags, metadata } = exec.vu.metrics;
  tags.step = name;
  if (goal) tags.step_goal = goal;
  stepTime = 0;
  try {
    group(name.replaceAll('::', ':'), actions);
  } catch (error) {
    if (error instanceof Stop) throw error;
    const failure = error.reported ? error : report({ name }, 0, 0, error);
    metadata.message = failure.message;
    throw failure;
  } finally {
    stepDuration.add(stepTime);
    delete metadata.message;
    delete tags.step;
    delete tags.step_goal;
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
  const { name, headers, redirects = 0, timeout = 60000, verify } = request;
  const { statuses, expected = statuses } = request;
  const params = { redirects, timeout, tags: { name }, responseType: verify ? 'text' : 'none' };
  params.headers = { Connection: 'keep-alive', ...headers }; // as browsers say it: some servers close without it, and do not tell
  if (request.tags) Object.assign(params.tags, request.tags);
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
    if (!request.expected) expectStatus(status, request.statuses, request.unwanted);
    request.verify?.(response, ms);
  } catch (caught) {
    error = caught;
  }
  return { ms, failure: report(request, status, ms, error) };
}

// Counts a request as passed, or as failed by an error; gives the failure.
function report(request, status, ms, error) {
  const { metadata } = exec.vu.metrics;
  const { name } = request;
  const tags = { name, status: String(status) };
  if (request.tags) Object.assign(tags, request.tags);
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

// The texts between two boundaries in the body.
function between(r, left, right) {
  const body = text(r);
  const values = [];
  for (let end = 0; ; ) {
    const at = body.indexOf(left, end);
    const start = at + left.length;
    const close = at < 0 ? -1 : body.indexOf(right, start);
    if (close < 0) return values;
    values.push(body.slice(start, close));
    end = Math.max(close + right.length, at + 1);
  }
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

// Separates the parts of multipart bodies.
const boundary = `----------${crypto.randomUUID()}`;

// A multipart/form-data body (RFC 7578), the parts in their order.
function multipart(parts) {
  const quote = (value) => `"${value.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22')}"`;
  const chunks = [];
  for (const { name, value, file, filename, type } of parts) {
    const about = file ? `; filename=${quote(filename)}\r\nContent-Type: ${type}` : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name=${quote(name)}${about}\r\n\r\n`;
    chunks.push(head, file ?? value, '\r\n');
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

// The user whose iterations are run: its number in its scenario and that of its iteration, both from 0, and what it keeps.
const user = { number: 0, turn: 0, late: 0 };

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
  return iterationInTest;
}

// As `nextRow`, but each row is taken once: without a row the user stops.
function nextRowOnce(rows, scenarios) {
  return rowOnce(rows, iterationRow(scenarios));
}

function rowOnce(rows, number) {
  if (number < rows.length) return rows[number];
  throw new Stop('absence');
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

// Users who each start the next iteration when the last one ends; times in seconds.
function closedModel(name, load) {
  const users = Math.ceil(levelOf('USERS', load.users, load.mix));
  const iterations = setting('ITERATIONS') ?? (setting('DURATION') ? undefined : load.iterations);
  const seconds = setting('DURATION') ?? load.duration ?? 365 * 24 * 3600;
  const { ramp = 0 } = load;
  const line = rampedLine(users, ramp, seconds);
  const facts = { users, iterations, end: seconds, pacing: load.pacing };
  const common = scenario(name, load, facts);
  if (iterations) {
    const own = iterations;
    const maxDuration = duration(Math.max(seconds, 1)); // k6 takes no less
    return { executor: 'per-vu-iterations', ...common, vus: users, iterations: own, maxDuration };
  }
  if (!ramp || load.isHeld) return steadyUsers(common, users, seconds);
  return { executor: 'ramping-vus', ...common, gracefulRampDown: common.gracefulStop, ...rampedUsers(line) };
}

// As many users from beginning to end; `constant-vus` takes at least a second.
function steadyUsers(common, users, seconds) {
  if (seconds >= 1) return { executor: 'constant-vus', ...common, vus: users, duration: duration(seconds) };
  return { executor: 'ramping-vus', ...common, startVUs: users, stages: [{ duration: duration(seconds), target: users }] };
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

// The stages of `ramping-vus` for a line. On the way up the first user is there at once, where k6 would wait for the line to
// reach 1; a stage without a duration is a jump.
function rampedUsers(line) {
  const stages = [];
  const addStage = (seconds, target) => stages.push({ duration: duration(seconds), target });
  for (const { start, end, first, last } of line) {
    const top = Math.ceil(last); // the line of a ramp that is cut off ends between two numbers
    const rise = last > first ? ((top - first - 1) * (end - start)) / (last - first) : 0;
    if (last > first) addStage(0, first + 1);
    else if (first !== (stages.at(-1)?.target ?? 0)) addStage(0, first);
    if (rise) addStage(rise, top);
    if (end > start) addStage(end - start - rise, top);
  }
  const startVUs = stages[0].duration === '0ms' ? stages.shift().target : 0;
  return { startVUs, stages };
}

// Seconds since the scenario began.
function elapsed() {
  return (Date.now() - exec.scenario.startTime) / 1000;
}

// Seconds until the user starts no further iteration.
function timeLeft() {
  return Math.max((user.until ?? user.load.end ?? Infinity) - elapsed(), 0);
}

// Whether the user starts no iteration any more.
function isGone() {
  return user.isOver || !timeLeft();
}

// What is left to a user that is gone: to wait until it comes again as a new one, or until the load is over. Otherwise k6 would
// start iterations in which nothing is done; it does where each user has a number of them.
function leave() {
  const { iterations, end } = user.load;
  if (iterations || end === undefined) return;
  sleep(Math.max(end - elapsed() + 0.1, 0));
}
