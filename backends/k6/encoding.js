// Bodies, and the functions of the language. A script holds those parts of this that it uses.

// Fields as an application/x-www-form-urlencoded text, in their order.
function form(fields) {
  return fields.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

// Separates the parts of multipart bodies.
const boundary = `----------${crypto.randomUUID()}`;

// A multipart/form-data body (RFC 7578), the parts in their order.
function multipart(parts) {
  const quote = (value) => `"${value.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22')}"`;
  const chunks = [];
  for (const { name, value, file, filename, type } of parts) {
    const about = file ? `; filename=${quote(filename)}\r\nContent-Type: ${type}` : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name=${quote(name)}${about}\r\n\r\n`;
    chunks.push(head, file ?? value, '\r\n');
  }
  return joinBytes([...chunks, `--${boundary}--\r\n`]);
}

// Texts (as UTF-8) and buffers as one buffer.
function joinBytes(chunks) {
  const encoder = new TextEncoder();
  const parts = chunks.map((chunk) => (typeof chunk === 'string' ? encoder.encode(chunk) : new Uint8Array(chunk)));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

// UTF-8, a byte order mark kept.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function hexEscape(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

// All but letters, digits and `-._~` percent-encoded (RFC 3986, section 2.3).
function urlEncode(value) {
  return encodeURIComponent(value).replace(/[!'()*]/g, hexEscape);
}

// Percent-encoding decoded; what is none stays.
function urlDecode(value) {
  return value.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    utf8.decode(Uint8Array.from(run.slice(1).split('%'), (code) => parseInt(code, 16))),
  );
}

// Encoded as a form field: space as `+`, all but letters, digits and `*-._` percent-encoded.
function formEncode(value) {
  return encodeURIComponent(value).replace(/[!'()~]/g, hexEscape).replaceAll('%20', '+');
}

function formDecode(value) {
  return urlDecode(value.replaceAll('+', ' '));
}

// HTML character references replaced by their characters.
function htmlDecode(value) {
  return value.replace(/&(?:#\d+|#[xX][0-9a-fA-F]+|[^\t\n\f <&#;]{1,32});?/g, (reference) =>
    parseHTML(`<i>${reference}</i>`).find('i').text(),
  );
}

// The characters of HTML that mean something as character references.
function htmlEncode(value) {
  const references = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return value.replace(/[&<>"']/g, (character) => references[character]);
}

// Escaped for the inside of a JSON string.
function jsonEscape(value) {
  return JSON.stringify(value).slice(1, -1);
}

// The escapes of JSON strings replaced by their characters; half a surrogate pair is none.
function jsonUnescape(value) {
  const named = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
  const units = value.replace(/\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'\\/bfnrt-]))/g, (_, code, short, letter) =>
    letter ? (named[letter] ?? letter) : String.fromCharCode(parseInt(code ?? short, 16)),
  );
  return units.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

function hexEncode(value) {
  return Array.from(new Uint8Array(new TextEncoder().encode(value)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// The text of hexadecimal bytes; none for what is something else.
function hexDecode(value) {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(value)) return '';
  return utf8.decode(Uint8Array.from(value.match(/../g) ?? [], (code) => parseInt(code, 16)));
}

// The text of a base64 or base64url value, padded or not.
function base64Decode(value) {
  const clean = value.replaceAll('-', '+').replaceAll('_', '/').replace(/[^A-Za-z0-9+/]/g, '');
  return clean.length % 4 === 1 ? '' : utf8.decode(b64decode(clean, 'rawstd'));
}

// The time now, moved by milliseconds: `ms` or `s` since 1970, `iso`, or a pattern of fields (UTC).
function now(format = 'ms', offset = 0) {
  const time = Date.now() + offset;
  if (format === 'ms') return String(time);
  if (format === 's') return String(Math.floor(time / 1000));
  const iso = new Date(time).toISOString();
  if (format === 'iso') return iso;
  const places = { YYYY: [0, 4], MM: [5, 7], DD: [8, 10], hh: [11, 13], mm: [14, 16], ss: [17, 19], SSS: [20, 23] };
  return format.replace(/YYYY|MM|DD|hh|mm|ss|SSS/g, (field) => iso.slice(...places[field]));
}
