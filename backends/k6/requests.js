// Iterations, steps and requests, and how they are reported. A script holds those parts of this that it uses.

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
function parameters({ name, headers, statuses, expected = statuses, redirects = 0, timeout = $TIMEOUT, verify }) { //? !goal
function parameters({ name, goal, headers, statuses, expected = statuses, redirects = 0, timeout = $TIMEOUT, verify }) { //? goal
  const params = { headers, redirects, timeout, tags: { name }, responseType: verify ? 'text' : 'none' };
  if (goal) params.tags.goal = goal; //? goal
  if (expected) params.responseCallback = http.expectedStatuses(...expected); // k6's own: 200 to 399
  return params;
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
