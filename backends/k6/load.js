// Targets, secrets and load. A script holds those parts of this that it uses.

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

// Iterations that start at a rate (per second) whether or not earlier ones have ended. `lasting`: about how long one takes.
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
