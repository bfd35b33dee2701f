import { addDays } from './calendar.js';
import type { Cooperative, Seat } from './population.js';
import { type Random, randomStream } from './random.js';

/** What each board is signed for by, one rule a cooperative; shares are guesses. */
const REPRESENTATIONS = [
  { word: 'MUNFERIDEN', weight: 30 },
  { word: 'MUSTEREKEN', weight: 65 },
  { word: 'HIZMETEYETKILI', weight: 5 },
] as const;
const MOST_DAYS_AT_WORK = 12_000;

/**
 * What a registry knows beside the boards: the first day of each status, who signs how, and which seats of unions are
 * those of member cooperatives. Drawn from streams of their own: no person, number or board of a seed moves with them.
 */
export function withRegistryDetails(
  seed: string,
  cooperatives: readonly Cooperative[],
  today: string,
): Cooperative[] {
  const days = randomStream(seed, 'status-days');
  const signing = randomStream(seed, 'representation');
  const legal = randomStream(seed, 'legal-persons');
  const primary = cooperatives.filter(({ seviye, durum }) => seviye === 'birim' && durum === 'faal');
  return cooperatives.map((cooperative) => {
    const rule = signing.weighted(REPRESENTATIONS).word;
    const signed = cooperative.board.map((seat) => withRepresentation(seat, rule, signing));
    const board = cooperative.seviye === 'birim' ? signed : withLegalPersons(signed, primary, legal);
    return { ...cooperative, board, durumTarihi: statusDay(cooperative, days, today) };
  });
}

function withRepresentation(seat: Seat, temsil: string, random: Random): Seat {
  const signs = random.chance(0.7);
  return seat.gorev === 'denetçi' || seat.tescil === undefined || !signs ? seat : { ...seat, temsil };
}

/** Boards of unions are made of their member cooperatives' representatives; here about half of the seats say so. */
function withLegalPersons(board: readonly Seat[], members: readonly Cooperative[], random: Random): Seat[] {
  const left = random.shuffled(members);
  return board.map((seat) => {
    const sends = random.chance(0.5);
    if (seat.gorev !== 'yönetim kurulu üyesi' || seat.tescil === undefined || !sends) return seat;
    const member = left.pop();
    return member === undefined ? seat : { ...seat, tuzelKisi: { vkn: member.vkn, unvan: member.unvan } };
  });
}

/** At work since before its first board; in liquidation since its liquidators; deleted some time ago. */
function statusDay({ durum, board }: Cooperative, random: Random, today: string): string {
  const drawn = random.between(30, MOST_DAYS_AT_WORK);
  const starts = board.map(({ baslangic }) => baslangic).sort();
  if (durum === 'tasfiye') return starts[0] ?? today;
  return addDays(starts[0] ?? today, -drawn);
}
