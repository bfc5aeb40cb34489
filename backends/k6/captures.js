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
  return r.body ?? '';
}

function mediaType(r) {
  return (r.headers['Content-Type'] ?? '').split(';', 1)[0].trim().toLowerCase();
}

// The nth text between two boundaries in the body.
function between(r, left, right, nth = 1) {
  const body = text(r);
  let end = 0;
  for (let n = 1; ; n += 1) {
    const at = body.indexOf(left, end);
    const start = at + left.length;
    const stop = at < 0 ? -1 : body.indexOf(right, start);
    if (stop < 0) return undefined;
    if (n === nth) return body.slice(start, stop);
    end = stop + right.length;
  }
}

// The first group (or all, without groups) of the nth match in a text.
function matching(value, pattern, nth = 1) {
  const match = [...(value?.matchAll(pattern) ?? [])][nth - 1];
  return match && (match.length > 1 ? (match[1] ?? '') : match[0]);
}

// The nth value that a CSS selector finds: an attribute, or the text with its white space folded.
function css(r, selector, attribute, nth = 1) {
  const elements = parseHTML(text(r)).find(selector).toArray();
  const values = elements.map((e) => (attribute ? e.attr(attribute) : e.text().trim().replace(/\s+/g, ' ')));
  return values.filter((value) => value !== undefined)[nth - 1];
}

// The nth value of a header; k6 joins repeated headers by commas.
function header(r, name, nth = 1) {
  const value = r.headers[name];
  return nth === 1 ? value : value?.split(', ')[nth - 1];
}

// The nth value that a response sets a cookie to, as it stands in the header.
function cookie(r, name, nth = 1) {
  const value = r.cookies[name]?.[nth - 1]?.value;
  const isQuoted = value !== undefined && r.headers['Set-Cookie'].includes(`${name}="${value}"`);
  return isQuoted ? `"${value}"` : value;
}

// Where a response redirects to.
function redirectTarget(r) {
  const location = r.headers.Location;
  return location === undefined ? undefined : resolve(r.url, location);
}
