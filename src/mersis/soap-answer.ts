/** `Gorevler` nests six deep; the guard has counted already. */
const MAX_DEPTH = 16;

/**
 * What `soap` made of an answer, with the members that the REST adapter has too: names in lower camel case, duties as a list.
 * An element without content is '' and not absent: an empty end of a term is no open end. Pure; checks nothing.
 */
export function plainAnswer(parsed: unknown): unknown {
  const cevap = (parsed as { Cevap?: unknown } | null)?.Cevap;
  return plain(cevap ?? '', 0);
}

function plain(value: unknown, depth: number): unknown {
  if (value === null || value === undefined || depth > MAX_DEPTH) return '';
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, inner]) => {
    const content = name === 'Gorevler' ? duties(inner) : inner;
    return [name.slice(0, 1).toLowerCase() + name.slice(1), plain(content, depth + 1)];
  });
  return Object.fromEntries(members);
}

/** `<Gorevler/>` is a board without members; one `Gorev` alone may come as an object. Anything else stays, to be refused. */
function duties(value: unknown): unknown {
  if (value === null || value === '') return [];
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const names = Object.keys(value);
  if (names.length !== 1 || names[0] !== 'Gorev') return value;
  const { Gorev } = value as { Gorev: unknown };
  return Array.isArray(Gorev) ? Gorev : [Gorev];
}
