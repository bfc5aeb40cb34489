// Ticket desk
//
// A load test for k6, made by Loadwright. Files that it reads lie beside it. Run: k6 run script.js
//
// Environment variables:
//   LOADWRIGHT_TARGET_DESK: the base URL instead of https://desk.example.com
//   DESK_PASSWORD: the secret `password` (required)
//   LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (per second), LOADWRIGHT_THINK (factor on think times): another load
//   LOADWRIGHT_SEED: any text; the same one gives the same random values

import { check, group, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import ws from 'k6/ws';

// Numbers that JavaScript would write in another way, and names that it would put into another order.
const DELICATE =
  /(?:^|"\s*:|[[,])\s*(?:-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?:\D|$)|0\.00000)|-0(?:[^.\d]|$))|"\d+"\s*:|\\u003\d/;

// The JSON text read last: what follows in a request often reads the same one.
let lastJson = {};

// How many scenarios the load has, and users of those who are not arrivals.
const inAll = { scenarios: 0, users: 0 };

const targets = {
  desk: baseUrl('LOADWRIGHT_TARGET_DESK', 'https://desk.example.com'),
};

const secrets = {
  password: __ENV.DESK_PASSWORD,
};

const data = {
  agents: new SharedArray('agents', () => parseRows(open('./agents.json'))),
};

const schemas = {
  'schemas/tickets.json': readSchema(open('./schemas/tickets.json')),
};

export const options = {
  scenarios: {
    agent: closedPhases('agent', {
      phases: [
        { name: 'morning', duration: 300, users: 40 },
        { name: 'noon', duration: 600 },
        { name: 'rush', duration: 120, users: 120, jump: true },
        { name: 'evening', duration: 300, users: 10 },
      ],
      pacing: 10,
      gracefulStop: 60,
      isHeld: true,
    }),
    chat: openPhases('chat', {
      phases: [
        { name: 'morning', duration: 300, rate: 2.5 },
        { name: 'noon', duration: 1020, rate: 5, jump: true },
      ],
      maxInFlight: 200,
      gracefulStop: 60,
    }),
  },
  thresholds: {
    'step_duration{step:Answer a ticket}': ['p(99)<1500'],
    checks: [{ threshold: 'rate>0.99', abortOnFail: true, delayAbortEval: '60s' }],
    'step_checks{step:Log in}': ['rate>=0.95'],
    'request_duration{goal_1:yes}': ['avg<400'],
    'journey_iterations{journey:agent}': ['count>=1000'],
    'dropped_iterations{scenario:chat}': ['count==0'],
  },
  insecureSkipTLSVerify: true,
};

export function setup() {
  requireSecrets(['DESK_PASSWORD']);
}

// An agent answers tickets all day
export function agent() {
  const { v, row } = startUser();
  visit({
    begin() {
      row.agents = ownRowOnce(data.agents);
    },
    setup() {
      step('Log in', () => {
        send({
          name: 'POST /login',
          method: 'POST',
          url: `${targets.desk}/login`,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: form([['name', row.agents.name], ['password', secrets.password]]),
          retry: { times: 3, statuses: [429, 503], network: true, wait: 0.5, backoff: 2 },
          verify(r) {
            v.token = found(json(r, ['token'])[0], 'token', 'json $.token');
          },
        });
      });
    },
    main() {
      step('Read the queue', () => {
        send({
          name: 'GET /tickets?state=open',
          tags: { goal_1: 'yes' },
          method: 'GET',
          url: `${targets.desk}/tickets?state=open`,
          headers: { Authorization: `Bearer ${v.token}` },
          isBinary: true,
          statuses: [{ min: 200, max: 299 }, 304],
          verify(r) {
            expectSchema(r, schemas['schemas/tickets.json']);
            expect(
              compare(String(json(r, ['tickets', ANY]).length), '1') >= 0,
              'soft failure: json $.tickets[*] count is not >= "1"',
            );
            expect(sizeOf(r) < 200000, `size: expected < 200000 bytes, got ${sizeOf(r)}`);
            v.ids = found(listed(json(r, ['tickets', ANY, 'id'])), 'ids', 'json $.tickets[*].id');
            v.open = String(json(r, ['tickets', ANY, 'id']).length);
            v.any = anyOne(json(r, ['tickets', ANY, 'id'])) ?? 'none';
          },
        });
      });
      for (const item of listItems(v.ids).slice(0, 5)) {
        v.id = item;
        step('Answer a ticket', () => {
          send({
            name: 'Assign',
            method: 'POST',
            url: `${targets.desk}/graphql`,
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({
              operationName: 'Assign',
              query: 'mutation Assign($id: ID!) { assign(id: $id) { state } }',
              variables: { id: v.id },
            }),
            verify(r) {
              v.state = found(json(r, ['data', 'assign', 'state'])[0], 'state', 'json $.data.assign.state');
            },
          });
          if (v.state === 'taken') {
            stop('iteration');
          } else if (v.state.startsWith('wait') && !(compare(v.open, '10') > 0)) {
            pause(1);
          } else {
            send({
              name: 'POST /tickets/{id}/answers',
              method: 'POST',
              url: `${targets.desk}/tickets/${v.id}/answers`,
              headers: { 'Content-Type': 'text/plain' },
              body: 'Dear customer',
            });
          }
          for (let pass = 1; ; pass += 1) {
            send({
              name: 'GET /tickets/{id}/progress',
              method: 'GET',
              url: `${targets.desk}/tickets/${v.id}/progress`,
              verify(r) {
                v.progress = json(r, ['progress'])[0] ?? 'none';
              },
            });
            if (v.progress === 'done') break;
            if (pass === 10) fail('not so after 10 passes: progress = "done"');
            sleep(1);
          }
        });
      }
      think(2, 5);
      switch (chosen(25, 5)) {
        case 0: {
          step('Search', () => {
            send({
              name: 'GET /search',
              method: 'GET',
              url: `${targets.desk}/search?q=${randomString(8)}`,
            });
          });
          break;
        }
        case 1: {
          stop('user');
          break;
        }
      }
      for (let pass = 1; pass <= 3; pass += 1) {
        v.n = String(pass);
        step('Page', () => {
          send({
            name: 'GET /tickets?page',
            method: 'GET',
            url: `${targets.desk}/tickets?page=${v.n}`,
          });
        });
      }
    },
    teardown() {
      step('Log out', () => {
        send({
          name: 'POST /logout',
          method: 'POST',
          url: `${targets.desk}/logout`,
        });
      });
    },
  });
}

export function chat() {
  iteration(() => {
    clearCookies();
    const v = {};

    step('Chat', () => {
      webSocket({
        name: 'Open the chat',
        url: `${targets.desk}/chat`,
        actions: [
          {
            name: 'Welcome',
            containing: () => '"hello"',
            within: 5000,
            verify(r) {
              v.room = found(json(r, ['room'])[0], 'room', 'json $.room');
            },
          },
          { send: () => `{"join":"${v.room}"}` },
          { pause: () => 1 + random.unit() * 1 },
          {
            name: 'Joined',
            within: 5000,
          },
        ],
      });
    });
  });
}

// Helpers

// One value per iteration; the message of what failed it is in the sample's metadata.
const journeyDuration = new Trend('journey_duration', true);

// The time that the requests of a step took; pauses are not counted.
const stepDuration = new Trend('step_duration', true);

// How many iterations were made.
const journeyIterations = new Counter('journey_iterations');

// Which share of the steps passed.
const stepChecks = new Rate('step_checks');

// Failures that belong to no request.
const flowFailures = new Counter('flow_failures');

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
  startRandom();
  const start = Date.now();
  const failure = attempt(actions);
  if (user.isAbsent) return leave();
  reportIteration(start, failure);
  user.turn += 1;
  if (user.turn === 1) letOthersBegin();
  keepPace(start);
  if (isGone()) leave();
}

// Runs the iterations of a user that sets up before its first one or tears down after its last.
function visit({ begin, setup, main, teardown }) {
  if (user.isOver || (!timeLeft() && !user.hasBegun)) return leave();
  if (!user.hasBegun && setup) {
    startRandom('setup');
    user.isInSetup = true;
    const failure = attempt(() => {
      begin?.();
      setup();
    });
    user.isInSetup = false;
    if (failure) user.isOver = true;
    if (failure || user.isAbsent) return leave();
  }
  if (!user.isOver && timeLeft()) {
    startRandom();
    const start = Date.now();
    const failure = attempt(() => {
      begin?.();
      main();
    });
    if (user.isAbsent && !user.hasBegun && !setup) return leave();
    if (!user.isAbsent) reportIteration(start, failure);
    user.turn += 1;
    user.start = start;
  }
  user.hasBegun = true;
  if (user.turn === 1) letOthersBegin();
  if (user.isOver || isLast()) {
    startRandom('teardown');
    if (teardown) attempt(teardown);
    user.isOver = true;
    leave();
  } else {
    keepPace(user.start);
  }
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
  journeyIterations.add(1);
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
    stepChecks.add(!metadata.message);
    delete metadata.message;
    delete tags.step;
    delete tags.step_goal;
  }
}

function stop(what) {
  throw new Stop(what);
}

// Fails the iteration for a reason that is no request's.
function fail(reason) {
  const { metadata } = exec.vu.metrics;
  const message = `flow: ${reason}`;
  metadata.message = message;
  flowFailures.add(1, { name: reason });
  delete metadata.message;
  if (!told.has(message)) console.error(message);
  told.add(message);
  throw new Failure(message, true);
}

// Which of several things is done, by their chances in percent; none when the chances leave it to that.
function chosen(...percents) {
  const share = random.unit() * 100;
  let sum = 0;
  return percents.findIndex((percent) => (sum += percent) > share);
}

// Below, at or above zero as the first decimal number is less than, equal to or greater than the second; NaN when one is none.
function compare(left, right) {
  const [a, b] = [left, right].map((text) => /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text));
  if (!a || !b) return NaN;
  const places = Math.max(a[3]?.length ?? 0, b[3]?.length ?? 0);
  const [x, y] = [a, b].map(([, sign, whole, fraction = '']) => BigInt(sign + whole + fraction.padEnd(places, '0')));
  return x < y ? -1 : Number(x > y);
}

// One value per answered request: connecting, waiting for a free connection and followed redirects included.
const requestDuration = new Trend('request_duration', true);

// Failed requests by kind. The message is in the sample's metadata (see `--out json`).
const requestFailures = new Counter('request_failures');

// Requests without an answer that were sent again.
const requestRetries = new Counter('request_retries');

// What this user has told already, so that a failure that repeats does not flood the log.
const told = new Set();

// Sends a request; throws when it fails.
function send(request) {
  const [response, wall] = persist(request);
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

// Sends a request again while its answer asks for it; gives the last response.
function persist(request) {
  for (let n = 0; ; n += 1) {
    const [response, wall] = exchange(request);
    if (!isRetried(request, response, n)) return [response, wall];
    stepTime += reportRetried(request, response, wall);
    sleep(waitBefore(request, n));
  }
}

// Whether a response asks for the request to be sent again, after `n` times.
function isRetried({ retry }, { status }, n) {
  if (!retry || n >= retry.times) return false;
  return Boolean(status ? retry.statuses?.includes(status) : retry.network);
}

// The seconds before a request is sent again, after `n` times.
function waitBefore({ retry: { wait = 0, backoff = 1 } }, n) {
  return wait * backoff ** n;
}

// Reports a request that is sent again as passed; gives its time.
function reportRetried(request, response, wall) {
  const ms = timeOf(request, response, wall);
  report(request, response.status, ms);
  return ms;
}

function clearCookies() {
  user.jar = new http.CookieJar();
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
  if (request.isBinary) params.responseType = 'binary';
  if (request.tags) Object.assign(params.tags, request.tags);
  params.jar = user.jar;
  params.throw = true; // k6 would log the URL, which may hold a secret
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
  if (!reason && !status) requestRetries.add(1, tags);
  if (!reason) return undefined;
  const kind = reason.split(':', 1)[0];
  requestFailures.add(1, { ...tags, kind });
  delete metadata.message;
  delete metadata.elapsed;
  if (!told.has(name + kind)) console.error(`${name}: ${reason}`);
  told.add(name + kind);
  return new Failure(reason, true);
}

// Opens a WebSocket, does the actions on it one after the other, and closes it. Opening is a request, and so is each receive.
function webSocket(stream) {
  const start = Date.now();
  const talk = { stream, at: 0, inbox: [] };
  let response;
  try {
    const params = { headers: stream.headers, tags: { name: stream.name } };
    params.jar = user.jar;
    response = ws.connect(wireUrl(stream.url).replace(/^http/i, 'ws'), params, (socket) => {
      const guarded = (act) => (...given) => attemptOn(talk, () => act(...given));
      Object.assign(talk, { socket, later: (act, ms) => socket.setTimeout(guarded(act), Math.max(ms, 0.01)) });
      socket.on('open', guarded(() => opened(talk, Date.now() - start)));
      socket.on('message', guarded((message) => heard(talk, message)));
      socket.on('close', () => (talk.isClosed = true));
      socket.on('error', () => (talk.isClosed = true));
    });
  } catch (error) {
    response = { status: 0, error: error.message };
  }
  if (!talk.isOpen) {
    const { status = 0, error } = response;
    const reason = status ? `status: expected 101, got ${status}` : `network: ${withoutUrls(error)}`;
    throw report(stream, status, Date.now() - start, new Failure(reason));
  }
  const waiting = stream.actions[talk.at];
  if (!talk.error && waiting?.within) talk.error = received(talk, waiting, new Failure('network: the connection was closed'));
  if (talk.error) throw talk.error;
}

function opened(talk, ms) {
  const { timeout = 60000 } = talk.stream;
  talk.isOpen = true;
  stepTime += ms;
  const failure = ms > timeout ? report(talk.stream, 0, ms, new Failure('network: request timeout')) : report(talk.stream, 101, ms);
  if (failure) throw failure;
  advance(talk);
}

// Does something on the open connection; what fails is kept, and the connection closed.
function attemptOn(talk, act) {
  if (talk.error) return;
  try {
    act();
  } catch (error) {
    talk.error = error;
    talk.socket.close(1000);
  }
}

// Does the actions up to the next that has to wait.
function advance(talk) {
  const { actions } = talk.stream;
  for (; talk.at < actions.length; talk.at += 1) {
    const action = actions[talk.at];
    if (action.send) talk.socket.send(action.send());
    else if (action.set) action.set();
    else if (action.pause) {
      talk.at += 1;
      talk.later(() => advance(talk), action.pause() * Number(__ENV.LOADWRIGHT_THINK || 1) * 1000);
      return;
    } else if (!receive(talk, action)) return;
  }
  talk.socket.close(1000);
}

// Takes a message in; whoever waits for one looks at it.
function heard(talk, message) {
  talk.inbox.push(message);
  if (talk.since !== undefined) advance(talk);
}

// Looks for a message among those that came; when there is none, waits for more. Messages without the wanted text are passed over.
function receive(talk, action) {
  if (talk.since === undefined) {
    Object.assign(talk, { since: Date.now(), wanted: action.containing?.() ?? '' });
    talk.later(() => {
      if (talk.stream.actions[talk.at] !== action) return;
      throw received(talk, action, new Failure(`network: no message within ${action.within} ms`));
    }, action.within);
  }
  while (talk.inbox.length) {
    const body = talk.inbox.shift();
    if (!body.includes(talk.wanted)) continue;
    let error;
    try {
      action.verify?.({ body, headers: {}, cookies: {}, status: 101, url: talk.stream.url }, Date.now() - talk.since);
    } catch (caught) {
      error = caught;
    }
    const failure = received(talk, action, error, 101);
    if (failure) throw failure;
    return true;
  }
  return false;
}

// Reports a receive as passed, or as failed by an error; gives the failure.
function received(talk, action, error, status = 0) {
  const ms = Date.now() - (talk.since ?? Date.now());
  talk.since = undefined;
  stepTime += ms;
  return report(action, status, ms, error);
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

// The bytes of the body.
function sizeOf(r) {
  return r.body?.byteLength ?? 0;
}

// Whether a page holds what a pattern looks for, which begins with `start` and has no more than 500 characters;
// a pattern takes long on a whole page that has other characters than ASCII's.
function holds(page, start, pattern) {
  for (let at = page.indexOf(start); at >= 0; at = page.indexOf(start, at + 1)) {
    if (pattern.test(page.slice(at, at + 500))) return true;
  }
  return false;
}

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

// A value that was looked for in a response; a miss fails the request.
function found(value, name, source) {
  expect(value !== undefined, `extraction: ${name} not found (${source})`);
  return value;
}

// The body as text; empty when there is none.
function text(r) {
  if (typeof r.body !== 'string') return r.body ? utf8.decode(new Uint8Array(r.body)) : '';
  return r.body;
}

// Any of several matches.
function anyOne(values) {
  return values.length ? values[random.integer(0, values.length - 1)] : undefined;
}

// Matches as a list; none when there are none.
function listed(values) {
  return values.length ? JSON.stringify(values) : undefined;
}

// In a JSON path: every item or member.
const ANY = null;

// The values (null does not count) at a path of member names, indexes, ANY and selections.
function json(r, path) {
  return jsonTexts(r, path).filter((value) => value !== null);
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

// In a test: a number.
function digits(text) {
  const key = numberKey(text);
  return () => key;
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

// Encoded as a form field: space as `+`, all but letters, digits and `*-._` percent-encoded.
function formEncode(value) {
  return encodeURIComponent(value).replace(/[!'()~]/g, hexEscape).replaceAll('%20', '+');
}

// A whole number between two bounds; an error about it does not show it, for it may be a secret.
function whole(name, parameter, value, lowest, highest) {
  const number = /^-?[0-9]{1,15}$/.test(value) ? Number(value) : NaN;
  if (!(number >= lowest && number <= highest)) throw new Failure(`script: ${name}: bad ${parameter}`);
  return number;
}

// The items of a list (a JSON array) as texts; another text is a list of itself, an empty one an empty list.
function listItems(value) {
  const { root, mark } = readJson(value);
  if (Array.isArray(root)) return root.map((node) => jsonText(node, mark));
  return value ? [value] : [];
}

// The user whose iterations are run: its number in its scenario and that of its iteration, both from 0, and what it keeps.
const user = { number: 0, turn: 0, late: 0 };

// The random numbers of the running iteration; see `startRandom`.
let random;

// What all random numbers of the run depend on.
const seed = runSeed();

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
  else if (metadata.user === undefined) startHeld();
  metadata.user = String(user.number);
  return user;
}

// Begins a user that the script may hold back until its time has come.
function startHeld() {
  newUser(userNumber());
  if (user.load.line) user.isOver = !comes();
}

// `v` has its values, `row` its rows of data; `load` is what its scenario says.
function newUser(number) {
  const own = { v: { __proto__: null }, row: {}, counters: {}, taken: {} };
  const state = { isOver: false, isAbsent: false, hasBegun: false, isInSetup: undefined, until: undefined, isLate: false };
  Object.assign(user, { number, turn: 0, ...own, ...state, load: JSON.parse(__ENV.LOAD) });
  user.jar = new http.CookieJar();
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

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomString(length) {
  return random.letters(whole('random_string', 'length', length, 1, 10000), ALPHABET);
}

// A pause in seconds; LOADWRIGHT_THINK makes all of them longer or shorter (0: none).
function pause(seconds) {
  sleep(seconds * Number(__ENV.LOADWRIGHT_THINK || 1));
}

// A pause between two times, in seconds.
function think(shortest, longest) {
  pause(shortest + random.unit() * (longest - shortest));
}

function ownRowOnce(rows, scenarios) {
  return rowOnce(rows, ownNumber(scenarios));
}

function rowOnce(rows, number) {
  if (number < rows.length) return rows[number];
  throw new Stop('absence');
}

// The user's number over all scenarios that share the data.
function ownNumber(scenarios) {
  if (!scenarios) return user.number;
  const { scenarios: loads } = exec.test.options;
  const sizes = scenarios.map((name) => JSON.parse(loads[name].env.LOAD).users);
  const place = scenarios.indexOf(exec.scenario.name);
  if (sizes.includes(undefined)) return user.number * scenarios.length + place;
  return sizes.slice(0, place).reduce((sum, size) => sum + size, user.number);
}

// The rows of a JSON file, an array of objects: strings as they are, other values as compact JSON.
function parseRows(content) {
  const { root, mark } = readJson(content.replace(/^\ufeff/, ''));
  const texts = (row) => Object.entries(row).map(([name, value]) => [name.slice(mark.length), jsonText(value, mark)]);
  return (root ?? []).map((row) => Object.fromEntries(texts(row)));
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

// Users whose number follows phases.
function closedPhases(name, load) {
  const highest = Math.max(...load.phases.map(({ users = 0 }) => users));
  const top = levelOf('USERS', highest, load.mix);
  const users = Math.ceil(top);
  const line = phasedLine(load.phases, (phase) => phase.users && Math.ceil((phase.users * top) / highest));
  const facts = { users, end: line.at(-1).end, pacing: load.pacing };
  if (load.isHeld) facts.line = line;
  const common = scenario(name, load, facts);
  if (load.isHeld) return steadyUsers(common, users, line.at(-1).end);
  const gracefulRampDown = duration(line.at(-1).end); // who leaves has time for its iteration until the load is over
  return { executor: 'ramping-vus', ...common, gracefulRampDown, ...rampedUsers(line) };
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

// The line that phases make: straight pieces, from one time (in seconds) and level to another.
function phasedLine(phases, levelIn) {
  const total = phases.reduce((sum, phase) => sum + phase.duration, 0);
  const factor = (setting('DURATION') ?? total) / total;
  let [start, level] = [0, 0];
  return phases.map((phase) => {
    const last = levelIn(phase) ?? level;
    const piece = { start, end: start + phase.duration * factor, first: phase.jump ? last : level, last };
    [start, level] = [piece.end, last];
    return piece;
  });
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

// When a user of a held line is there, as spans of seconds: user `k` is there while the line is above `k`.
function spans(line, k) {
  const found = [];
  for (const { start, end, first, last } of line) {
    const [before, after] = [first - k, last - k];
    if (end <= start || (before <= 0 && after <= 0)) continue;
    const crossing = start + ((end - start) * before) / (before - after);
    const span = first === last || (before > 0 && after >= 0) ? [start, end] : before > 0 ? [start, crossing] : [crossing, end];
    if (found.length && found.at(-1)[1] >= span[0]) found.at(-1)[1] = span[1];
    else found.push(span);
  }
  return found;
}

// Holds a user back until its time has come, the first or the next one; false when there is none.
function comes(after = 0) {
  const { line, iterations, end } = user.load;
  const [from, to] = spans(line, user.number).find((span) => span[0] >= after) ?? [];
  if (from === undefined) return false;
  sleep(Math.max(from - elapsed(), 0));
  newUser(user.number);
  user.until = iterations ? end : to;
  return true;
}

// Seconds since the scenario began.
function elapsed() {
  return (Date.now() - exec.scenario.startTime) / 1000;
}

// Seconds until the user starts no further iteration.
function timeLeft() {
  return Math.max((user.until ?? user.load.end ?? Infinity) - elapsed(), 0);
}

// Whether the user has made its last iteration. Time that is too short for k6 to start another one is waited for.
function isLast() {
  if (exec.scenario.executor.endsWith('arrival-rate') || user.turn >= user.load.iterations) return true;
  if (timeLeft() - pacingLeft(user.start) > 0.1) return false;
  sleep(timeLeft());
  return true;
}

// Whether the user starts no iteration any more.
function isGone() {
  return user.isOver || !timeLeft();
}

// What is left to a user that is gone: to wait until it comes again as a new one, or until the load is over. Otherwise k6 would
// start iterations in which nothing is done; it does where each user has a number of them.
function leave() {
  letOthersBegin();
  const { line, iterations, end } = user.load;
  if (iterations || end === undefined) return;
  if (line && comes(user.until)) return;
  sleep(Math.max(end - elapsed() + 0.1, 0));
}

// Waits before the next iteration, so that iterations do not start faster than the load's pace.
function keepPace(start) {
  if (!(user.turn >= user.load.iterations)) sleep(Math.min(pacingLeft(start), timeLeft() + 0.1)); // awake at the very end, k6 would start another one
}

function pacingLeft(start) {
  return Math.max((user.load.pacing ?? 0) - (Date.now() - start) / 1000, 0);
}

// Iterations whose rate follows phases.
function openPhases(name, load) {
  const highest = Math.max(...load.phases.map(({ rate = 0 }) => rate));
  const perSecond = levelOf('RATE', highest, load.mix);
  const line = phasedLine(load.phases, ({ rate }) => rate && (rate * perSecond) / highest);
  const { unit, perUnit } = wholeRates(line.map(({ last }) => last));
  const common = arrivals(name, load, line, unit);
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
