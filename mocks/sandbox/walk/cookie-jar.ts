interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A bound on what a page may make us keep; browsers keep 50 and more of one host. */
const MAX_COOKIES = 60;

/**
 * The cookies of one host, as a browser keeps them: ports do not part them (RFC 6265 §8.5), so bridge, e-Devlet stand-in
 * and applications on `localhost` all get each other's. Only secure addresses are ever visited.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the `Set-Cookie` headers of an answer from `url`. `now` in milliseconds. */
  take(url: URL, headers: readonly string[], now: number): void {
    for (const header of headers) this.#takeOne(url, header, now);
  }

  /** The `Cookie` header for `url`; undefined where there is none to send. Longer paths first (RFC 6265 §5.4). */
  header(url: URL): string | undefined {
    const sent = [...this.#cookies.values()]
      .filter(({ path }) => within(url.pathname, path))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`);
    return sent.length === 0 ? undefined : sent.join('; ');
  }

  #takeOne(url: URL, header: string, now: number): void {
    const [pair = '', ...rest] = header.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    if (at < 1) return;
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const attributes = new Map(
      rest.map((part) => {
        const [key = '', ...words] = part.split('=');
        return [key.toLowerCase(), words.join('=')];
      }),
    );
    const given = attributes.get('path');
    const path = given?.startsWith('/') ? given : folderOf(url.pathname);
    const domain = attributes.get('domain');
    if (domain && domain.toLowerCase() !== url.hostname) return;
    // What a browser drops must not help us on: RFC 6265bis §4.1.3.
    const isHost = name.startsWith('__Host-');
    if (isHost && (!attributes.has('secure') || given !== '/' || domain !== undefined)) return;
    if (name.startsWith('__Secure-') && !attributes.has('secure')) return;
    const key = `${name}\n${path}`;
    this.#cookies.delete(key);
    if (endsAt(attributes, now) <= now) return;
    if (this.#cookies.size >= MAX_COOKIES) throw new Error('a page sets too many cookies');
    this.#cookies.set(key, { name, value, path });
  }
}

function endsAt(attributes: ReadonlyMap<string, string>, now: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = attributes.get('expires');
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

function within(path: string, folder: string): boolean {
  if (path === folder) return true;
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}
