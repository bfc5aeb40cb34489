// Pauses and data. A script holds those parts of this that it uses.

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

// As `nextRow`, but each row is taken once: without a row the user stops.
function nextRowOnce(rows, scenarios) {
  return rowOnce(rows, iterationRow(scenarios));
}

// The next row of the user, who goes through all of them on its own.
function userRow(rows, name) {
  return rowAt(rows, takenRows(name) % rows.length);
}

function userRowOnce(rows, name) {
  return rowOnce(rows, takenRows(name));
}

// The row that is the user's own, in all its iterations.
function ownRow(rows, scenarios) {
  return rowAt(rows, ownNumber(scenarios) % rows.length);
}

function ownRowOnce(rows, scenarios) {
  return rowOnce(rows, ownNumber(scenarios));
}

function randomRow(rows) {
  return rowAt(rows, random.integer(0, rows.length - 1));
}

function rowAt(rows, number) {
  expect(rows.length, 'script: a data file has no rows');
  return rows[number];
}

function rowOnce(rows, number) {
  if (number < rows.length) return rows[number];
  throw new Stop('absence');
}

// How many rows of a source the user has taken before.
function takenRows(name) {
  user.taken[`#${name}`] = (user.taken[`#${name}`] ?? -1) + 1;
  return user.taken[`#${name}`];
}

// The number of the row for this iteration.
function iterationRow(scenarios = [exec.scenario.name]) {
  const { iterationInTest } = exec.scenario; //? !apart
  const iterationInTest = rowTaker(); //? apart
  return iterationInTest * scenarios.length + scenarios.indexOf(exec.scenario.name);
}

// The number of this part of a user's life among all that take a row: its setup or an iteration.
function rowTaker() {
  const { iterationInTest, executor } = exec.scenario;
  if (executor.endsWith('arrival-rate') && user.isInSetup !== undefined) return iterationInTest * 2 + (user.isInSetup ? 0 : 1);
  const { late } = user;
  const { users = 0 } = user.load;
  if (!late || !users) return iterationInTest;
  if (iterationInTest < users) return user.number;
  // users who came late have had an iteration of k6 for waiting; of several processes each has every n-th user, number and row
  const parts = (exec.test.options.executionSegmentSequence ?? '0,1').split(',').length - 1;
  const waited = [0, late].map((k) => Math.floor((users - 1 - k - (iterationInTest % parts)) / parts));
  return iterationInTest - (waited[0] - waited[1]) * parts;
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

// The rows of a JSON file, an array of objects: strings as they are, other values as compact JSON.
function parseRows(content) {
  const { root, mark } = readJson(content.replace(/^\ufeff/, ''));
  const texts = (row) => Object.entries(row).map(([name, value]) => [name.slice(mark.length), jsonText(value, mark)]);
  return (root ?? []).map((row) => Object.fromEntries(texts(row)));
}

// The rows in another order, the same for all users.
function shuffled(name, rows) {
  return randomNumbers(`${seed}:data:${name}`).shuffled(rows);
}
