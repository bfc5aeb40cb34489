// URLs. A script holds those parts of this that it uses.

// The URL with what may not stand on the wire percent-encoded; everything else stays as it is.
function wireUrl(url) {
  if (/^(?:[-\w.~!$&'()*+,;=:@[\]\/]|%[0-9A-Fa-f]{2})*(?:\?[!"$-~]*)?$/.test(url)) return url;
  const [, base, path, query = ''] = /^([^:/?#]+:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/.exec(url) ?? [url, url, ''];
  const wirePath = path.replace(/%(?![0-9A-Fa-f]{2})|[^-\w.~!$&'()*+,;=:@[\]%/]/gu, encodeURIComponent);
  return base + wirePath + query.replace(/[^!-~]/gu, encodeURIComponent);
}

// An error's text without the URLs that k6 quotes in it: they may hold secrets.
function withoutUrls(message) {
  return message
    .replace(/^\w+ "(?:[^"\\]|\\.)*": /, '')
    .replace(/(parse|Location header) "(?:[^"\\]|\\.)*":? ?/g, '$1: ')
    .replace(/\S+->\S+: /, ''); // the ports differ each time
}

// A reference made absolute (RFC 3986, section 5.2).
function resolve(base, reference) {
  const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/s;
  const [, scheme, authority, path, query = '', fragment = ''] = parts.exec(reference);
  const [, baseScheme, baseAuthority = '', basePath, baseQuery = ''] = parts.exec(base);
  if (scheme) return reference;
  if (authority !== undefined) return `${baseScheme}:${reference}`;
  const origin = `${baseScheme}:${baseAuthority}`;
  if (path === '') return origin + basePath + (query || baseQuery) + fragment;
  const merged = path.startsWith('/') ? path : `${basePath.slice(0, basePath.lastIndexOf('/') + 1) || '/'}${path}`;
  return origin + withoutDots(merged) + query + fragment;
}

// A path without its `.` and `..` segments (RFC 3986, section 5.2.4).
function withoutDots(path) {
  const kept = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (['.', '..'].includes(segments.at(-1))) kept.push('');
  return `/${kept.join('/')}`;
}
