import { addDays, addYears } from './calendar.js';
import type { Cast } from './cast.js';
import type { Cooperative, Duty, Person, Seat } from './population.js';
import { type Random, randomStream } from './random.js';

/** How many seats of each duty a cooperative has. */
export interface BoardPlan {
  readonly members: number;
  readonly auditors: number;
  readonly liquidators: number;
}

/** A working cooperative has 3 to 7 members and 1 to 3 auditors, one in liquidation its liquidators, a deleted one nobody. */
export function planBoards(seed: string, cooperatives: readonly Cooperative[]): BoardPlan[] {
  const random = randomStream(seed, 'board-sizes');
  return cooperatives.map(({ durum }, index) => {
    if (durum === 'terkin') return { members: 0, auditors: 0, liquidators: 0 };
    if (durum === 'tasfiye') return { members: 0, auditors: 0, liquidators: random.between(1, 3) };
    return {
      members: index === 0 ? 5 : random.between(3, 7),
      auditors: random.between(1, 3),
      liquidators: 0,
    };
  });
}

export function seatsOf(plan: BoardPlan): number {
  return plan.members + plan.auditors + plan.liquidators;
}

/**
 * The cooperatives with their boards: seats in term and registered from the seat pool, in turn, so that everybody in it
 * gets one; then those elected and not yet registered, and those whose term is over, at working cooperatives.
 */
export function fillBoards(
  seed: string,
  cooperatives: readonly Cooperative[],
  plans: readonly BoardPlan[],
  cast: Cast,
  people: readonly Person[],
  today: string,
): Cooperative[] {
  const random = randomStream(seed, 'terms');
  const person = (index: number) => people[index] as Person;
  let turn = 0;
  const nextInTurn = (count: number) => {
    // As many in a row as the pool has people are all different; those with two-step come first on a board.
    const indices = Array.from(
      { length: count },
      () => cast.seatPool[turn++ % cast.seatPool.length] as number,
    );
    return indices
      .sort((a, b) => Number(cast.withoutTwoStep.has(a)) - Number(cast.withoutTwoStep.has(b)))
      .map((index) => person(index).kimlikNo);
  };
  const boards = cooperatives.map((_, index): Seat[] => {
    const plan = plans[index] as BoardPlan;
    const term = drawTerm(random, today);
    const seats = (gorev: Duty, count: number) =>
      nextInTurn(count).map((kimlikNo) => ({ kimlikNo, gorev, ...term }));
    return [
      ...seats('yönetim kurulu üyesi', plan.members),
      ...seats('denetçi', plan.auditors),
      ...seats('tasfiye memuru', plan.liquidators),
    ];
  });
  const working = boards.filter((_, index) => cooperatives[index]?.durum === 'faal');
  for (const index of cast.elected)
    random.pick(working).push(electedSeat(person(index).kimlikNo, random, today));
  for (const index of cast.former) {
    const board = random.pick(working);
    board.push(formerSeat(person(index).kimlikNo, (board[0] as Seat).baslangic, random));
  }
  return cooperatives.map((cooperative, index) => ({ ...cooperative, board: boards[index] as Seat[] }));
}

/** A term in force: elected two months to three years ago, registered since, three months or more still to go. */
function drawTerm(random: Random, today: string): Omit<Seat, 'kimlikNo' | 'gorev'> {
  const baslangic = addDays(today, -random.between(60, 1000));
  const tescil = addDays(baslangic, random.between(3, 45));
  // A law lets boards serve four years at most (1163 m.55); some registrations state no end.
  if (random.chance(0.05)) return { baslangic, tescil };
  return { baslangic, bitis: addYears(baslangic, random.pick([3, 4])), tescil };
}

function electedSeat(kimlikNo: string, random: Random, today: string): Seat {
  const baslangic = addDays(today, -random.between(1, 25));
  return { kimlikNo, gorev: 'yönetim kurulu üyesi', baslangic, bitis: addYears(baslangic, 4) };
}

/** A seat of the board before: it ended on the day on which the present one began. */
function formerSeat(kimlikNo: string, bitis: string, random: Random): Seat {
  const baslangic = addYears(bitis, -random.between(2, 4));
  return {
    kimlikNo,
    gorev: 'yönetim kurulu üyesi',
    baslangic,
    bitis,
    tescil: addDays(baslangic, random.between(3, 45)),
  };
}
