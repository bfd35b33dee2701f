const WINDOW_MS = 60_000;
/** Addresses counted apart; beyond it all others share one count, so that nobody can fill memory. */
const MAX_ADDRESSES = 10_000;

/** Counts requests of one address in a minute: what nobody has signed in for must not fill the database. */
export function createFloodGate(perMinute: number): (address: string, now: Date) => boolean {
  let windowStart = 0;
  let counts = new Map<string, number>();
  return (address, now) => {
    const start = Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS;
    if (start !== windowStart) {
      windowStart = start;
      counts = new Map();
    }
    const key = counts.has(address) || counts.size < MAX_ADDRESSES ? address : 'other';
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= perMinute;
  };
}
