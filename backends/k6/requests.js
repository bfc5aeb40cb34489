// Requests, and how they are reported. A script holds those parts of this that it uses.

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
  if (request.cookies) setCookies(request); //? cookies
  const [response, wall] = exchange(request); //? !retry
  const [response, wall] = persist(request); //? retry
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
    if (request.digest) response = answerChallenge(request, response); //? digest
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

// Sends requests at the same time; throws when one fails, after all have ended.
function parallel(requests) {
  requests.filter(({ cookies }) => cookies).forEach(setCookies); //? cookies
  const { responses, wall } = batch(requests); //? !retry
  const { responses, wall } = persistTogether(requests); //? retry
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
    responses = requests.map((request, i) => (request.digest ? answerChallenge(request, responses[i]) : responses[i])); //? digest
  } catch (error) {
    responses = requests.map(() => ({ status: 0, error: error.message }));
  }
  return { responses, wall: Date.now() - start };
}

// Those of the requests whose answers ask for it are sent again, after the longest of their waits.
function persistTogether(requests) {
  const { responses, wall } = batch(requests);
  const isAgain = (i, n) => isRetried(requests[i], responses[i], n);
  for (let n = 0; requests.some((_, i) => isAgain(i, n)); n += 1) {
    const again = [...requests.keys()].filter((i) => isAgain(i, n));
    stepTime += Math.max(...again.map((i) => reportRetried(requests[i], responses[i], wall)));
    sleep(Math.max(...again.map((i) => waitBefore(requests[i], n))));
    const next = batch(again.map((i) => requests[i]));
    again.forEach((i, place) => Object.assign(responses, { [i]: next.responses[place] }));
  }
  return { responses, wall };
}

// Puts cookies into the user's jar.
function setCookies({ url, cookies }) {
  const jar = http.cookieJar(); //? !jar
  const { jar } = user; //? jar
  for (const [name, value] of Object.entries(cookies)) jar.set(url, name, value, { path: '/' });
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
  const { name, headers, redirects = 0, timeout = $TIMEOUT, verify } = request;
  const { statuses, expected = statuses } = request;
  const { unwanted } = request; //? unwanted
  const params = { redirects, timeout, tags: { name }, responseType: verify ? 'text' : 'none' };
  params.headers = { Connection: 'keep-alive', ...headers }; // as browsers say it: some servers close without it, and do not tell
  if (isEncoded(request)) params.responseType = 'text'; // k6 decodes what it reads, and fails when it cannot //? compressed
  if (request.isBinary) params.responseType = 'binary'; //? binary
  if (request.tags) Object.assign(params.tags, request.tags); //? goal
  params.jar = user.jar; //? jar
  params.throw = true; // k6 would log the URL, which may hold a secret //? streams
  if (expected) params.responseCallback = http.expectedStatuses(...expected); // k6's own: 200 to 399
  if (unwanted) params.responseCallback = http.expectedStatuses(...otherStatuses(unwanted)); //? unwanted
  return params;
}

// Whether the answer may be compressed.
function isEncoded({ headers }) {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'accept-encoding');
}

// All statuses but these.
function otherStatuses(statuses) {
  const found = [];
  let min = 100;
  for (const status of [...statuses].sort((a, b) => (a.min ?? a) - (b.min ?? b))) {
    if ((status.min ?? status) > min) found.push({ min, max: (status.min ?? status) - 1 });
    min = Math.max(min, (status.max ?? status) + 1);
  }
  return min > 999 ? found : [...found, { min, max: 999 }];
}

// The milliseconds that a request took. `wall` is what the script saw.
function timeOf(request, { status, timings }, wall) {
  if (request.digest) return wall; //? digest
  return status && !request.redirects ? timings.blocked + timings.duration : wall;
}

// Checks the response of a request and reports the outcome.
function judge(request, response, wall) {
  const { status } = response;
  const ms = timeOf(request, response, wall);
  let error;
  try {
    if (!status) throw new Failure(`network: ${withoutUrls(response.error)}`);
    if (request.redirects && isRedirect(response)) throw new Failure(`network: more than ${request.redirects} redirects`); //? follows
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
  if (request.tags) Object.assign(tags, request.tags); //? goal
  const reason = error && (error instanceof Failure ? error.message : `script: ${error.message ?? error}`);
  if (reason) Object.assign(metadata, { message: reason, elapsed: String(ms) });
  if (status) requestDuration.add(ms, tags);
  check(null, { [name.replaceAll('::', ':')]: !reason }, tags);
  if (!reason && !status) requestRetries.add(1, tags); //? retry
  if (!reason) return undefined;
  const kind = reason.split(':', 1)[0];
  requestFailures.add(1, { ...tags, kind });
  delete metadata.message;
  delete metadata.elapsed;
  if (!told.has(name + kind)) console.error(`${name}: ${reason}`);
  told.add(name + kind);
  return new Failure(reason, true);
}

// Answers the challenge of HTTP Digest authentication (RFC 7616), if there is one.
function answerChallenge(request, response) {
  const challenge = /(?:^|, )Digest (.*)/i.exec(response.headers['Www-Authenticate'] ?? '');
  if (response.status !== 401 || !challenge) return response;
  const params = parameters(request);
  const Authorization = digestCredentials(request, challenge[1]);
  return http.request(request.method, wireUrl(request.url), payload(request), {
    ...params,
    headers: { ...params.headers, Authorization },
  });
}

function digestCredentials({ method, url, digest: { username, password } }, challenge) {
  const pairs = [...challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)];
  const given = Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name.toLowerCase(), quoted ?? plain]).reverse());
  const hash = /^sha-256/i.test(given.algorithm ?? '') ? (value) => sha256(value, 'hex') : (value) => md5(value, 'hex');
  const uri = wireUrl(url).replace(/^[^:]+:\/\/[^/?]*/, '').replace(/^(?!\/)/, '/');
  const [nc, cnonce] = ['00000001', crypto.randomUUID().replaceAll('-', '')];
  const secret = hash(`${username}:${given.realm}:${password}`);
  const sess = /-sess$/i.test(given.algorithm ?? '') ? hash(`${secret}:${given.nonce}:${cnonce}`) : secret;
  const action = hash(`${method}:${uri}`);
  const isQop = given.qop !== undefined;
  const response = hash(isQop ? `${sess}:${given.nonce}:${nc}:${cnonce}:auth:${action}` : `${sess}:${given.nonce}:${action}`);
  const quoted = { username: username.replace(/["\\]/g, '\\$&'), realm: given.realm, nonce: given.nonce, uri, response, opaque: given.opaque };
  const fields = Object.entries(quoted).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${value}"`);
  if (given.algorithm) fields.push(`algorithm=${given.algorithm}`);
  if (isQop) fields.push('qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}
