import { readFileSync, writeFileSync } from 'node:fs';
import type { Cooperative, Population, Seat } from '../../mocks/population/population.js';

/** Of all cooperatives, so many are different at the second reading. */
const CHANGED_SHARE = 0.001;
/** Days of an election that was registered meanwhile. */
const ELECTED_ON = '2026-11-02';
const REGISTERED_ON = '2026-11-12';

/**
 * Changes a thousandth of the world that the stand-in will be started on: by turns another signature rule, and an auditor more. Nobody
 * loses a seat, so that nothing has to be read twice. Returns how many cooperatives have changed.
 */
export function changeWorld(worldFile: string): number {
  const world = JSON.parse(readFileSync(worldFile, 'utf8')) as Population;
  const able = world.cooperatives.filter(isInForce);
  const count = Math.max(1, Math.round(world.cooperatives.length * CHANGED_SHARE));
  const step = Math.max(1, Math.floor(able.length / count));
  const changed = new Map<string, Cooperative>();
  able
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .forEach((one, i) => {
      const person = world.people[(i * 7919) % world.people.length]?.kimlikNo ?? '';
      changed.set(one.mersisNo, i % 2 === 0 ? otherRule(one) : moreAuditors(one, person));
    });
  const cooperatives = world.cooperatives.map((one) => changed.get(one.mersisNo) ?? one);
  writeFileSync(worldFile, JSON.stringify({ ...world, cooperatives }), { mode: 0o600 });
  return changed.size;
}

function isInForce({ durum, board }: Cooperative): boolean {
  return durum === 'faal' && board.some(({ tescil, bitis }) => tescil !== undefined && bitis === undefined);
}

function otherRule(one: Cooperative): Cooperative {
  const board = one.board.map((seat): Seat => {
    const temsil = seat.temsil === 'MUNFERIDEN' ? 'MUSTEREKEN' : 'MUNFERIDEN';
    return { ...seat, temsil };
  });
  return { ...one, board };
}

function moreAuditors(one: Cooperative, kimlikNo: string): Cooperative {
  const seat: Seat = { kimlikNo, gorev: 'denetçi', baslangic: ELECTED_ON, tescil: REGISTERED_ON };
  return { ...one, board: [...one.board, seat] };
}
