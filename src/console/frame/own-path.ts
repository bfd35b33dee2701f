/** A path of the console as we write it: no dots that climb, no second slash (`//host` is another host), nothing encoded, no fragment. */
const PATH = /^\/konsol(?:\/[A-Za-z0-9_~:-][A-Za-z0-9._~:-]*)*$/;
/** What stands behind the question mark: letters of addresses and nothing that ends one. */
const QUERY = /^[A-Za-z0-9._~:%&=+,-]*$/;
const MAX_LENGTH = 1000;

/**
 * `given` as an address to send a browser on to, where it is a page of the console; null for everything else, so that nobody can be led
 * elsewhere by an address that begins with ours (open redirect). What was said once (`soz`) is not said again.
 */
export function ownPath(given: string | null): string | null {
  if (given === null || given.length > MAX_LENGTH) return null;
  const at = given.indexOf('?');
  const path = at === -1 ? given : given.slice(0, at);
  const query = at === -1 ? '' : given.slice(at + 1);
  if (!PATH.test(path) || !QUERY.test(query)) return null;
  const kept = query.split('&').filter((one) => one !== '' && !one.startsWith('soz='));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}
