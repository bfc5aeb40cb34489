// Values taken from a response. A script holds those parts of this that it uses.

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
  if (typeof r.body !== 'string') return r.body ? utf8.decode(new Uint8Array(r.body)) : ''; //? binary
  return r.body; //? binary
  return r.body ?? ''; //? !binary
}

function mediaType(r) {
  return (r.headers['Content-Type'] ?? '').split(';', 1)[0].trim().toLowerCase();
}

// One of as many matches as were recorded; that there are more or fewer is told, once by each virtual user.
function matchOf(values, nth, recorded, name) {
  if (values.length && values.length !== recorded && !drifted.has(name)) {
    drifted.add(name);
    console.warn(`drift: ${name} is match ${nth} of ${recorded} recorded, ${values.length} found`);
  }
  return values[nth - 1];
}

// Captures of which the user has told that their place may have moved.
const drifted = new Set();

// Any of several matches.
function anyOne(values) {
  return values.length ? values[random.integer(0, values.length - 1)] : undefined;
}

// Matches as a list; none when there are none.
function listed(values) {
  return values.length ? JSON.stringify(values) : undefined;
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

// A value as a regular expression that finds just that.
function literally(value) {
  return value.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&');
}

// A value as it stands in the quotes of a CSS selector.
function inSelector(value) {
  return value.replace(/[^A-Za-z0-9_-]/gu, (c) => `\\${c.codePointAt(0).toString(16)} `);
}

// The values that a CSS selector finds: an attribute, or the text with its white space folded.
function css(r, selector, attribute) {
  const elements = parseHTML(text(r)).find(selector).toArray();
  const values = elements.map((e) => (attribute ? e.attr(attribute) : e.text().trim().replace(/\s+/g, ' ')));
  return values.filter((value) => value !== undefined);
}

// The values of a header that is repeated; k6 joins them by commas.
function headerValues(r, name) {
  return r.headers[name]?.split(', ') ?? [];
}

// The values that a response sets a cookie to, as they stand in the header.
function cookie(r, name) {
  return (r.cookies[name] ?? []).map(({ value }) => (r.headers['Set-Cookie'].includes(`${name}="${value}"`) ? `"${value}"` : value));
}

// Where a response redirects to.
function redirectTarget(r) {
  const location = r.headers.Location;
  return location === undefined ? undefined : resolve(r.url, location);
}
