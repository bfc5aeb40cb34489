// Users, iterations and steps, and what ends them. A script holds those parts of this that it uses.

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
  startUser(); //? user
  if (hasOnlyWaited()) return; //? apart
  if (isGone()) return leave(); //? leaving
  startRandom(); //? random
  const start = Date.now();
  const failure = attempt(actions);
  if (user.isAbsent) return leave(); //? over
  reportIteration(start, failure);
  user.turn += 1; //? user
  if (user.turn === 1) letOthersBegin(); //? numbered
  keepPace(start); //? pacing
  if (isGone()) leave(); //? leaving
}

// Whether a user who came late has done nothing but wait in this iteration of k6, so that its first row is the next at that time.
function hasOnlyWaited() {
  const { isLate } = user;
  user.isLate = false;
  return isLate && !isGone();
}

// Runs the iterations of a user that sets up before its first one or tears down after its last.
function visit({ begin, setup, main, teardown }) {
  if (hasOnlyWaited()) return; //? apart
  if (user.isOver || (!timeLeft() && !user.hasBegun)) return leave();
  let isRowTaken = false; //? apart
  if (!user.hasBegun && setup) {
    startRandom('setup'); //? random
    user.isInSetup = true; //? setup
    const failure = attempt(() => {
      begin?.();
      setup();
    });
    user.isInSetup = false; //? setup
    if (failure) user.isOver = true;
    if (failure || user.isAbsent) return leave();
    isRowTaken = user.load.hasSetup; //? apart
  }
  if (isRowTaken && !user.isOver && timeLeft() > 0.1) { //? apart
    user.hasBegun = true; //? apart
    return letOthersBegin(); // the next that k6 starts is its first iteration, with another row //? apart
  } //? apart
  if (!isRowTaken && !user.isOver && timeLeft()) { //? apart
  if (!user.isOver && timeLeft()) { //? !apart
    startRandom(); //? random
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
  if (user.turn === 1) letOthersBegin(); //? numbered
  if (user.isOver || isLast()) {
    startRandom('teardown'); //? random
    if (teardown) attempt(teardown);
    user.isOver = true;
    leave();
  } else {
    keepPace(user.start); //? pacing
  }
}

// Runs a part of a journey to its end, to a stop, or to its first failure, which is given back.
function attempt(actions) {
  try {
    actions();
  } catch (error) {
    if (!(error instanceof Stop)) return error.reported ? error : report({ name: exec.vu.metrics.tags.journey }, 0, 0, error); //? stop
    return error.reported ? error : report({ name: exec.vu.metrics.tags.journey }, 0, 0, error); //? !stop
    if (error.what !== 'iteration') user.isOver = true; //? over
    if (error.what === 'absence') user.isAbsent = true; //? over
  }
  return undefined;
}

function reportIteration(start, failure) {
  const { metadata } = exec.vu.metrics;
  if (failure) metadata.message = failure.message;
  journeyDuration.add(Date.now() - start);
  journeyIterations.add(1); //? iterations
  delete metadata.message;
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
    if (error instanceof Stop) throw error; //? stop
    const failure = error.reported ? error : report({ name }, 0, 0, error);
    metadata.message = failure.message;
    throw failure;
  } finally {
    stepDuration.add(stepTime);
    stepChecks.add(!metadata.message); //? steps
    delete metadata.message;
    delete tags.step;
    delete tags.step_goal; //? goal
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

// The number of passes that a text asks for; none when it is no whole number.
function passes(value) {
  return /^[0-9]+$/.test(value) ? Number(value) : 0;
}

// Below, at or above zero as the first decimal number is less than, equal to or greater than the second; NaN when one is none.
function compare(left, right) {
  const [a, b] = [left, right].map((text) => /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text));
  if (!a || !b) return NaN;
  const places = Math.max(a[3]?.length ?? 0, b[3]?.length ?? 0);
  const [x, y] = [a, b].map(([, sign, whole, fraction = '']) => BigInt(sign + whole + fraction.padEnd(places, '0')));
  return x < y ? -1 : Number(x > y);
}

function inRandomOrder(parts) {
  for (const part of random.shuffled(parts)) part();
}
