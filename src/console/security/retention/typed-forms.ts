import { istanbulYear } from '../../../calendar/istanbul-day.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { KimlikNo } from '../../../person/kimlik-no.js';
import type { FormFields } from '../../frame/call.js';
import { clearText, oneOf, pastDay, personNumber, type Typed, yearBetween } from '../evidence/typed.js';

/** What both forms of this page ask for: a person, years, a paper, a reason. */
interface TypedDeed {
  readonly person: Typed<KimlikNo>;
  readonly yearFrom: Typed<number>;
  readonly yearTo: Typed<number>;
  readonly number: Typed<string>;
  readonly date: Typed<string>;
  readonly reason: Typed<string>;
}

/** A proposal to destroy, as it was typed. */
export interface TypedDestruction extends TypedDeed {
  readonly side: Typed<Side>;
  readonly authority: Typed<Authority>;
}

/** A hold, as it was typed. */
export interface TypedHold extends TypedDeed {
  readonly authority: Typed<string>;
}

export type Side = 'actor' | 'subject' | 'both';
export type Authority = 'court' | 'board';

export const SIDES = {
  both: { tr: 'Hem sorgulanan hem sorgulayan olarak', en: 'Both as who was asked about and as who asked' },
  subject: { tr: 'Yalnızca sorgulanan olarak', en: 'Only as who was asked about' },
  actor: { tr: 'Yalnızca sorgulayan olarak', en: 'Only as who asked' },
} as const satisfies Readonly<Record<Side, BothLanguages>>;

export const AUTHORITIES = {
  court: { tr: 'Mahkeme kararı', en: 'Decision of a court' },
  board: { tr: 'Kişisel Verileri Koruma Kurulu kararı', en: 'Decision of the Data Protection Board' },
} as const satisfies Readonly<Record<Authority, BothLanguages>>;

/** As entries have them. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;
const NONE = { text: '', value: null, error: undefined };

export const NO_DEED = {
  ...{ person: NONE, yearFrom: NONE, yearTo: NONE, number: NONE, date: NONE, reason: NONE },
  ...{ side: NONE, authority: NONE },
};

/** Data of years to come cannot be destroyed. */
export function readDestruction(fields: FormFields, now: Date): TypedDestruction {
  return {
    ...readDeed(fields, now, istanbulYear(now)),
    side: oneOf(fields.get('side'), Object.keys(SIDES) as Side[]),
    authority: oneOf(fields.get('authority'), Object.keys(AUTHORITIES) as Authority[]),
  };
}

/** A hold may keep data of years to come: a case goes on. */
export function readHold(fields: FormFields, now: Date): TypedHold {
  return { ...readDeed(fields, now, LAST_YEAR), authority: clearText(fields.get('authority'), 200) };
}

function readDeed(fields: FormFields, now: Date, lastYear: number): TypedDeed {
  const yearFrom = yearBetween(fields.get('yearFrom'), FIRST_YEAR, lastYear);
  const yearTo = yearBetween(fields.get('yearTo'), FIRST_YEAR, lastYear);
  const isBackwards = yearFrom.value !== null && yearTo.value !== null && yearFrom.value > yearTo.value;
  return {
    person: personNumber(fields.get('person')),
    yearFrom,
    yearTo: isBackwards ? { text: yearTo.text, value: null, error: BACKWARDS } : yearTo,
    number: clearText(fields.get('number'), 100),
    date: pastDay(fields.get('date'), now),
    reason: clearText(fields.get('reason'), 500),
  };
}

const BACKWARDS: BothLanguages = {
  tr: 'Son yıl, ilk yıldan önce olamaz.',
  en: 'The last year cannot be before the first one.',
};
