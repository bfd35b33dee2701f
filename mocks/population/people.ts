import { addDays, addYears } from './calendar.js';
import { drawName } from './names.js';
import { citizenNumbers, foreignerNumbers } from './numbers.js';
import { LEVEL_PASSWORD, LEVEL_TWO_STEP, type Person, type PersonState } from './population.js';
import { type Random, randomStream } from './random.js';

/** What makes a person no ordinary one. */
export interface Traits {
  readonly foreign: boolean;
  readonly unknown: 'nothing' | 'day' | 'month-and-day';
  readonly noSurname: boolean;
  readonly durum: PersonState;
}

const PLAIN: Traits = { foreign: false, unknown: 'nothing', noSurname: false, durum: 'açık' };
/** One of each for certain, with no other trait: whoever looks for a dead person must not find a dead foreigner first. */
const CERTAIN: readonly Traits[] = [
  { ...PLAIN, durum: 'ölüm' },
  { ...PLAIN, durum: 'kapalı' },
  { ...PLAIN, foreign: true },
  { ...PLAIN, unknown: 'day' },
  { ...PLAIN, unknown: 'month-and-day' },
  { ...PLAIN, noSurname: true },
];
const PASSWORD_ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** Base32 characters of 20 bytes, the key length of RFC 4226. */
const TOTP_CHARACTERS = 32;

/** The traits of `count` people: first one of each kind, then by chance; most are plain. */
export function drawTraits(seed: string, count: number): Traits[] {
  const random = randomStream(seed, 'traits');
  return Array.from({ length: count }, (_, index) => CERTAIN[index] ?? drawOneTraits(random));
}

/** How many traits set this person apart: 0 = plain. */
export function traitCount(traits: Traits): number {
  const set = [traits.foreign, traits.unknown !== 'nothing', traits.noSurname, traits.durum !== 'açık'];
  return set.filter(Boolean).length;
}

/**
 * The people with these traits, nobody having a role yet. Numbers, names, birth dates and secrets come from streams of
 * their own. `dogumTarihi` is at least 20 years before `today`.
 */
export function drawPeople(seed: string, traits: readonly Traits[], today: string): Person[] {
  const foreigners = traits.filter(({ foreign }) => foreign).length;
  const foreign = foreignerNumbers(randomStream(seed, 'foreigner-numbers'), foreigners);
  const citizens = citizenNumbers(randomStream(seed, 'citizen-numbers'), traits.length - foreigners);
  const names = randomStream(seed, 'names');
  const births = randomStream(seed, 'births');
  const secrets = randomStream(seed, 'secrets');
  return traits.map((one) => {
    const name = drawName(names, one.foreign || one.noSurname ? 'foreign' : 'turkish');
    return {
      kimlikNo: (one.foreign ? foreign : citizens).pop() as string,
      ad: name.ad,
      soyad: one.noSurname ? '' : name.soyad,
      dogumTarihi: drawBirth(births, one, today),
      durum: one.durum,
      password: secrets.text(12, PASSWORD_ALPHABET),
      edevletTotp: secrets.base32(TOTP_CHARACTERS),
      stepUpTotp: secrets.base32(TOTP_CHARACTERS),
      level: LEVEL_TWO_STEP,
      is: [],
    };
  });
}

/** The person with the two-step login switched off at e-Devlet. */
export function withoutTwoStep(person: Person): Person {
  return { ...person, edevletTotp: null, level: LEVEL_PASSWORD };
}

function drawOneTraits(random: Random): Traits {
  const foreign = random.chance(0.04);
  return {
    foreign,
    unknown: random.chance(0.025) ? random.pick(['day', 'month-and-day'] as const) : 'nothing',
    noSurname: random.chance(foreign ? 0.05 : 0.003),
    durum: random.chance(0.03) ? 'ölüm' : random.chance(0.01) ? 'kapalı' : 'açık',
  };
}

function drawBirth(random: Random, traits: Traits, today: string): string {
  // Unknown parts are a matter of the old paper registers, hence of older people.
  const age =
    traits.unknown === 'nothing' && traits.durum === 'açık' ? random.between(20, 80) : random.between(55, 95);
  const day = addDays(addYears(today, -age), -random.below(365));
  if (traits.unknown === 'month-and-day') return `${day.slice(0, 4)}-00-00`;
  return traits.unknown === 'day' ? `${day.slice(0, 7)}-00` : day;
}
