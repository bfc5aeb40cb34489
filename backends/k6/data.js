// Pauses and data. A script holds those parts of this that it uses.

// A pause between two times, in seconds; LOADWRIGHT_THINK makes all of them longer or shorter (0: none).
function think(shortest, longest) {
  sleep((shortest + Math.random() * (longest - shortest)) * Number(__ENV.LOADWRIGHT_THINK || 1));
}

// The row for this iteration: each iteration of the scenarios that share the data takes another one.
function nextRow(rows, scenarios = [exec.scenario.name]) {
  expect(rows.length, 'script: a data file has no rows');
  return rows[rowNumber(scenarios) % rows.length];
}

// As `nextRow`, but each row is taken once: without a row the user stops.
function nextRowOnce(rows, scenarios = [exec.scenario.name]) {
  const number = rowNumber(scenarios);
  if (number < rows.length) return rows[number];
  if (exec.scenario.executor.endsWith('vus')) sleep(1); // k6 starts the next iteration until the time is over
  throw new Failure('no row is left', true);
}

function rowNumber(scenarios) {
  return exec.scenario.iterationInTest * scenarios.length + scenarios.indexOf(exec.scenario.name);
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

function shuffled(items) {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const other = Math.floor(Math.random() * (i + 1));
    [items[i], items[other]] = [items[other], items[i]];
  }
  return items;
}
