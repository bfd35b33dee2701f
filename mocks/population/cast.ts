import { type Cooperative, MINISTRIES } from './population.js';
import { randomStream } from './random.js';

/** Who plays what, as indices into the list of people. Nobody stands in two of the pools. */
export interface Cast {
  /** Roles that no board gives, by person. */
  readonly roles: ReadonlyMap<number, readonly string[]>;
  readonly officials: ReadonlySet<number>;
  /** People for seats of boards and auditors. */
  readonly seatPool: readonly number[];
  readonly elected: readonly number[];
  readonly former: readonly number[];
  readonly withoutTwoStep: ReadonlySet<number>;
}

/** Of so many people in a row in the seat pool, one has no two-step: far enough apart that no board lacks one who has it. */
const ONE_WITHOUT_IN = 17;
/** Its place in the row; the first board takes more people than that, so that it stands on a board for certain. */
const PLACE_WITHOUT = 3;
/** A board of seven and three auditors, all different people. */
const SMALLEST_SEAT_POOL = 10;

/**
 * Gives the parts: `plain` people may play any; the `others` (dead, foreign, …) are members or nobody, and the first of
 * them, who stand for their trait, always nobody.
 */
export function castPeople(
  seed: string,
  plain: readonly number[],
  others: { readonly certain: readonly number[]; readonly more: readonly number[] },
  cooperatives: readonly Cooperative[],
  seats: number,
): Cast {
  const random = randomStream(seed, 'roles');
  const people = plain.length + others.certain.length + others.more.length;
  const deck = random.shuffled(plain);
  const take = (count: number) => {
    if (deck.length < count) throw new RangeError('too few people for the roles of a population');
    return deck.splice(0, count);
  };
  const share = (part: number) => take(Math.max(2, Math.round(people * part)));
  const working = cooperatives.filter(({ durum }) => durum === 'faal').map(({ mersisNo }) => mersisNo);
  const someCooperative = (role: string) => `${role}:${random.pick(working)}`;

  const roles = new Map<number, string[]>();
  const give = (indices: readonly number[], role: () => string) => {
    for (const index of indices) roles.set(index, [role()]);
  };
  for (const role of officialRoles(cooperatives, Math.floor(people / 10))) give(take(1), () => role);
  const officials = new Set(roles.keys());
  give(share(0.005), () => someCooperative('ministry-representative'));
  give(share(0.015), () => someCooperative('appointee'));
  give(share(0.007), () => someCooperative('legacy-appointee'));
  const elected = share(0.015);
  const former = share(0.025);
  const seatPool = take(Math.max(SMALLEST_SEAT_POOL, Math.min(Math.floor(people * 0.35), seats)));
  const rest = [...deck, ...random.shuffled(others.more)];
  give(
    rest.filter((_, i) => i % 3 === 0),
    () => someCooperative('member'),
  );
  return {
    roles,
    officials,
    seatPool,
    elected,
    former,
    withoutTwoStep: new Set([
      ...seatPool.filter((_, place) => place % ONE_WITHOUT_IN === PLACE_WITHOUT),
      ...rest.filter(() => random.chance(0.1)),
    ]),
  };
}

/** One person each: the house's offices, each ministry's, and a directorate for every province that has a cooperative. */
function officialRoles(cooperatives: readonly Cooperative[], mostDirectorates: number): string[] {
  const directorates = cooperatives.map(({ ilgiliBakanlik, il }) => `directorate:${ilgiliBakanlik}/${il}`);
  return [
    ...['security-officer', 'security-officer', 'log-inspector', 'finance', 'finance', 'administrator'],
    ...MINISTRIES.flatMap((ministry) => [`ministry-central:${ministry}`, `ministry-manager:${ministry}`]),
    ...[...new Set(directorates)].slice(0, mostDirectorates),
  ];
}
