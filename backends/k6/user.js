// The running iteration and its user; random numbers. A script holds those parts of this that it uses.

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
  else if (metadata.user === undefined) newUser(userNumber()); //? !held
  else if (metadata.user === undefined) startHeld(); //? held
  metadata.user = String(user.number);
  return user;
}

// Begins a user that the script may hold back until its time has come.
function startHeld() {
  newUser(userNumber());
  if (user.load.line) user.isOver = !comes();
  const { line, iterations, users } = user.load; //? apart
  user.late = line && !iterations ? lateUsers(user.load) : 0; //? apart
  user.isLate = user.number >= users - user.late; //? apart
}

// `v` has its values, `row` its rows of data; `load` is what its scenario says.
function newUser(number) {
  const own = { v: { __proto__: null }, row: {}, counters: {}, taken: {} };
  const state = { isOver: false, isAbsent: false, hasBegun: false, isInSetup: undefined, until: undefined, isLate: false };
  Object.assign(user, { number, turn: 0, ...own, ...state, load: JSON.parse(__ENV.LOAD) });
  user.jar = new http.CookieJar(); //? jar
}

// The user's number in its scenario, from 0: k6 numbers users over all scenarios, in no certain order. Where there are
// several, the number is that of the user's first iteration; see `letOthersBegin`.
function userNumber() {
  const isAlone = inAll.scenarios === 1;
  const { executor, iterationInTest } = exec.scenario;
  if (isAlone) return exec.vu.idInTest - 1;
  const isOrdered = executor === 'ramping-vus' || iterationInTest < JSON.parse(__ENV.LOAD).users;
  if (!isOrdered) console.warn('too busy a machine: not all users are numbered from 0');
  sleep(allHaveBegun() / 5); // lets the others begin before this one has work for the machine //? numbered
  return iterationInTest;
}

// No user starts its second iteration before all have begun their first, by which they, or their rows, are numbered.
function letOthersBegin() {
  if (user.hasWaited) return;
  user.hasWaited = true;
  if (inAll.scenarios === 1 && !user.late) return; //? apart
  if (inAll.scenarios === 1) return; //? !apart
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

// A random whole number, both ends included.
function randomNumber(from, to) {
  const lowest = whole('random', 'from', from, 1 - 1e15, 1e15 - 1);
  const highest = whole('random', 'to', to, 1 - 1e15, 1e15 - 1);
  expect(lowest <= highest, 'script: random: `to` is smaller than `from`');
  return String(random.integer(lowest, highest));
}

function randomString(length) {
  return random.letters(whole('random_string', 'length', length, 1, 10000), ALPHABET);
}

function randomChoice(...choices) {
  return choices[random.integer(0, choices.length - 1)];
}

// One item of a list; none of an empty one.
function randomItem(value) {
  const items = listItems(value);
  return items.length ? randomChoice(...items) : '';
}

// A UUID, version 4.
function randomUuid() {
  const hex = Array.from({ length: 4 }, () => random.draw().toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16], 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

// A PKCE verifier (RFC 7636).
function pkceVerifier() {
  return random.letters(43, `${ALPHABET}-_`);
}

// 1, 2, 3 … for each user.
function counter(name) {
  user.counters[`#${name}`] = (user.counters[`#${name}`] ?? 0) + 1;
  return String(user.counters[`#${name}`]);
}

function userNumberText() {
  return String(user.number + 1);
}

function iterationNumber() {
  return String(user.turn + 1);
}
