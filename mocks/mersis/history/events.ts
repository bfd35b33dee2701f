import { addDays, addYears } from '../../population/calendar.js';
import type { Cooperative, Duty, Seat } from '../../population/population.js';
import type { Random } from '../../population/random.js';
import { daysBetween, ended, isPending, lastKnownDay, seatsInForce } from './board.js';

/** What one cooperative's event draws from. */
export interface Circumstances {
  /** On which it happens. */
  readonly day: string;
  /** The real one, at or after `day`. */
  readonly today: string;
  readonly random: Random;
  /** So many people, different ones and none of these, that may sit on a board; null where there are not enough. */
  people(count: number, not: ReadonlySet<string>): readonly string[] | null;
  /** Working primary cooperatives of the same ministry that this one could go into. */
  successors(): readonly Cooperative[];
}

/** What becomes of a cooperative; null where it cannot happen there on that day. */
export type HistoryStep = (cooperative: Cooperative, circumstances: Circumstances) => Cooperative | null;

const MEMBER: Duty = 'yönetim kurulu üyesi';
const AUDITOR: Duty = 'denetçi';
const LIQUIDATOR: Duty = 'tasfiye memuru';
const TRUSTEE: Duty = 'kayyım';
/** So many elected together are a whole board; fewer fill places. */
const WHOLE_BOARD = 3;
const LARGEST_BOARD = 7;
const MOST_AUDITORS = 3;
/** A history without end would end in answers that nobody reads. */
const MOST_SEATS = 150;

/** A general assembly elects a whole new board and its auditors: known to the registry, not registered. The old one stays until then. */
export const elect: HistoryStep = (cooperative, circumstances) => {
  const { day, random } = circumstances;
  if (!isFree(cooperative, circumstances)) return null;
  const count = (duty: Duty, least: number, most: number) =>
    Math.min(most, Math.max(least, seatsInForce(cooperative, day, duty).length));
  const members = count(MEMBER, WHOLE_BOARD, LARGEST_BOARD);
  const auditors = count(AUDITOR, 1, MOST_AUDITORS);
  const people = circumstances.people(members + auditors, present(cooperative, day));
  if (people === null) return null;
  const bitis = addYears(day, random.pick([3, 4]));
  const seats = people.map(
    (kimlikNo, at): Seat => ({ kimlikNo, gorev: at < members ? MEMBER : AUDITOR, baslangic: day, bitis }),
  );
  return { ...cooperative, board: [...cooperative.board, ...seats] };
};

/** The registration of those who were elected; with a whole board the old one and a trustee are over. */
export const register: HistoryStep = (cooperative, { day, today }) => {
  const pending = cooperative.board.filter((seat) => isPending(seat, day));
  if (pending.length === 0 || day < lastKnownDay(cooperative, today)) return null;
  const elected = (duty: Duty) => pending.filter(({ gorev }) => gorev === duty).length;
  const whole = elected(MEMBER) >= WHOLE_BOARD;
  const replaced = [
    ...(whole ? seatsInForce(cooperative, day, MEMBER, TRUSTEE) : []),
    ...(elected(AUDITOR) > 0 ? seatsInForce(cooperative, day, AUDITOR) : []),
  ].filter(({ baslangic }) => baslangic < day);
  const temsil = cooperative.board.find((seat) => seat.temsil !== undefined)?.temsil ?? 'MUSTEREKEN';
  const registered = ended(cooperative.board, replaced, day).map((seat) => {
    if (!pending.includes(seat)) return seat;
    return { ...seat, tescil: day, ...(seat.gorev === MEMBER ? { temsil } : {}) };
  });
  return { ...cooperative, board: registered };
};

/** One member goes; somebody is elected for the rest of the term. */
export const resign: HistoryStep = (cooperative, circumstances) => {
  const { day, random } = circumstances;
  const members = seatsInForce(cooperative, day, MEMBER);
  if (!isFree(cooperative, circumstances) || members.length <= WHOLE_BOARD) return null;
  const going = random.pick(members);
  const [kimlikNo] = circumstances.people(1, present(cooperative, day)) ?? [];
  if (kimlikNo === undefined) return null;
  const rest = going.bitis === undefined ? {} : { bitis: going.bitis };
  const next: Seat = { kimlikNo, gorev: MEMBER, baslangic: day, ...rest };
  return { ...cooperative, board: [...ended(cooperative.board, [going], day), next] };
};

/** The term of the whole board is over, and no other is elected yet. */
export const endTerm: HistoryStep = (cooperative, circumstances) => {
  const members = seatsInForce(cooperative, circumstances.day, MEMBER);
  if (!isFree(cooperative, circumstances) || members.length === 0) return null;
  return { ...cooperative, board: ended(cooperative.board, members, circumstances.day) };
};

/** The registry puts one date right: start up to the registration, registration down to the start, or the end of a term. */
export const correct: HistoryStep = (cooperative, { day, random }) => {
  const seats = seatsInForce(cooperative, day, MEMBER, AUDITOR, LIQUIDATOR);
  if (seats.length === 0) return null;
  const seat = random.pick(seats);
  const room = daysBetween(seat.baslangic, seat.tescil ?? seat.baslangic);
  const shift = random.between(1, Math.max(1, Math.min(room, 10)));
  const far = seat.bitis !== undefined && daysBetween(day, seat.bitis) > 60;
  const ways: readonly Partial<Seat>[] = [
    ...(room > 0
      ? [{ baslangic: addDays(seat.baslangic, shift) }, { tescil: addDays(seat.tescil as string, -shift) }]
      : []),
    ...(far ? [{ bitis: addDays(seat.bitis as string, random.pick([-30, -7, 7, 30])) }] : []),
  ];
  if (ways.length === 0) return null;
  const corrected = { ...seat, ...random.pick(ways) };
  return { ...cooperative, board: cooperative.board.map((one) => (one === seat ? corrected : one)) };
};

/** Liquidation: the organs are over, one to three of the last members are registered as liquidators. */
export const liquidate: HistoryStep = (cooperative, circumstances) => {
  const { day, random } = circumstances;
  const members = seatsInForce(cooperative, day, MEMBER);
  if (!isFree(cooperative, circumstances) || members.length === 0) return null;
  const chosen = random.shuffled([...new Set(members.map(({ kimlikNo }) => kimlikNo))]);
  const liquidators = chosen
    .slice(0, random.between(1, 3))
    .map((kimlikNo): Seat => ({ kimlikNo, gorev: LIQUIDATOR, baslangic: day, tescil: day }));
  const closed = close(cooperative, 'tasfiye', day);
  return { ...closed, board: [...closed.board, ...liquidators] };
};

/** The end of a liquidation: the cooperative is deleted from the register. */
export const deleteFromRegister: HistoryStep = (cooperative, circumstances) =>
  isFree(cooperative, circumstances) ? close(cooperative, 'terkin', circumstances.day) : null;

/** It goes into another cooperative, whose board acts. */
export const merge: HistoryStep = (cooperative, circumstances) => {
  const successors = circumstances.successors();
  if (!isFree(cooperative, circumstances) || successors.length === 0) return null;
  const { mersisNo } = circumstances.random.pick(successors);
  return { ...close(cooperative, 'birleşme', circumstances.day), halef: mersisNo };
};

/** A court puts a trustee in the board's place; the register leaves the board's terms as they are. */
export const appointTrustee: HistoryStep = (cooperative, circumstances) => {
  const { day } = circumstances;
  if (!isFree(cooperative, circumstances) || seatsInForce(cooperative, day, TRUSTEE).length > 0) return null;
  const [kimlikNo] = circumstances.people(1, present(cooperative, day)) ?? [];
  if (kimlikNo === undefined) return null;
  const seat: Seat = { kimlikNo, gorev: TRUSTEE, baslangic: day, tescil: day };
  return { ...cooperative, board: [...cooperative.board, seat] };
};

/** Something new may happen here on that day: it lies behind all that is known, and the history has not grown too long. */
function isFree(cooperative: Cooperative, { day, today }: Circumstances): boolean {
  return day > lastKnownDay(cooperative, today) && cooperative.board.length < MOST_SEATS;
}

/** Everybody whose term is not over: nobody is elected twice. */
function present({ board }: Cooperative, day: string): ReadonlySet<string> {
  return new Set(
    board.filter(({ bitis }) => bitis === undefined || bitis > day).map(({ kimlikNo }) => kimlikNo),
  );
}

function close(cooperative: Cooperative, durum: Cooperative['durum'], day: string): Cooperative {
  const seats = seatsInForce(cooperative, day, MEMBER, AUDITOR, LIQUIDATOR, TRUSTEE);
  return { ...cooperative, durum, durumTarihi: day, board: ended(cooperative.board, seats, day) };
}
