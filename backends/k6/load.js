// Targets, secrets and the load, which the environment can change. A script holds those parts of this that it uses.

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
  const facts = { users, iterations, end: seconds, pacing: load.pacing }; //? user
  if (iterations || load.isHeld) facts.line = ramp ? line : undefined; //? held
  facts.hasSetup = load.hasSetup; //? apart
  const common = scenario(name, load, facts); //? user
  const common = scenario(name, load); //? !user
  if (iterations) {
    const own = iterations + (load.hasSetup ? 1 : 0); //? apart
    const own = iterations; //? !apart
    const maxDuration = duration(Math.max(seconds, 1)); // k6 takes no less
    return { executor: 'per-vu-iterations', ...common, vus: users, iterations: own, maxDuration };
  }
  if (!ramp || load.isHeld) return steadyUsers(common, users, seconds);
  return { executor: 'ramping-vus', ...common, gracefulRampDown: common.gracefulStop, ...rampedUsers(line) };
}

// Users whose number follows phases.
function closedPhases(name, load) {
  const highest = Math.max(...load.phases.map(({ users = 0 }) => users));
  const top = levelOf('USERS', highest, load.mix);
  const users = Math.ceil(top);
  const line = phasedLine(load.phases, (phase) => phase.users && Math.ceil((phase.users * top) / highest));
  const facts = { users, end: line.at(-1).end, pacing: load.pacing }; //? user
  if (load.isHeld) facts.line = line; //? held
  facts.hasSetup = load.hasSetup; //? apart
  const common = scenario(name, load, facts); //? user
  const common = scenario(name, load); //? !user
  if (load.isHeld) return steadyUsers(common, users, line.at(-1).end);
  const gracefulRampDown = duration(line.at(-1).end); // who leaves has time for its iteration until the load is over
  return { executor: 'ramping-vus', ...common, gracefulRampDown, ...rampedUsers(line) };
}

// As many users from beginning to end; `constant-vus` takes at least a second.
function steadyUsers(common, users, seconds) {
  if (seconds >= 1) return { executor: 'constant-vus', ...common, vus: users, duration: duration(seconds) };
  return { executor: 'ramping-vus', ...common, startVUs: users, stages: [{ duration: duration(seconds), target: users }] };
}

// How many scenarios the load has, and users of those who are not arrivals.
const inAll = { scenarios: 0, users: 0 };

// What every executor is told.
function scenario(name, { journey = name, gracefulStop = 30 }) { //? !user
function scenario(name, { journey = name, gracefulStop = 30 }, facts = {}) { //? user
  inAll.scenarios += 1; //? user
  inAll.users += facts.users ?? 0; //? user
  const env = { LOAD: JSON.stringify(facts) }; // what the script itself must know of its load //? user
  return { exec: name, gracefulStop: duration(gracefulStop), tags: { journey }, env }; //? user
  return { exec: name, gracefulStop: duration(gracefulStop), tags: { journey } }; //? !user
}

// The line of a ramp and what comes after it. A ramp that is longer than the whole is cut off.
function rampedLine(level, ramp, seconds) {
  if (ramp > seconds) return [{ start: 0, end: seconds, first: 0, last: (level * seconds) / ramp }];
  return [
    { start: 0, end: ramp, first: 0, last: level },
    { start: ramp, end: seconds, first: level, last: level },
  ];
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

// How many users come when the others have begun already. Users come in the order of their numbers.
function lateUsers({ line, users }) {
  const begun = allHaveBegun();
  let [early, late] = [0, users];
  while (early < late) {
    const middle = (early + late) >> 1;
    if (spans(line, middle)[0]?.[0] < begun) early = middle + 1;
    else late = middle;
  }
  return users - early;
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
  letOthersBegin(); //? numbered
  const { line, iterations, end } = user.load; //? held
  const { iterations, end } = user.load; //? !held
  if (iterations || end === undefined) return;
  if (line && comes(user.until)) return; //? held
  sleep(Math.max(end - elapsed() + 0.1, 0));
}

// Waits before the next iteration, so that iterations do not start faster than the load's pace.
function keepPace(start) {
  if (!(user.turn >= user.load.iterations)) sleep(Math.min(pacingLeft(start), timeLeft() + 0.1)); // awake at the very end, k6 would start another one
}

function pacingLeft(start) {
  return Math.max((user.load.pacing ?? 0) - (Date.now() - start) / 1000, 0);
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
