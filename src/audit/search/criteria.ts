import { Refusal } from '../../errors/refusal.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { JsonObject } from '../canonical-json.js';
import type { AskedCriteria } from './attempt.js';

/** What is looked for, values judged. */
export interface Criteria extends Omit<AskedCriteria, 'person' | 'actor' | 'from' | 'to'> {
  readonly person: KimlikNo | null;
  readonly actor: KimlikNo | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * An instant, or 00:00 in Europe/Istanbul of a bare date (UTC+3 without summer time since 2016, before any entry).
 * `REQUEST_INVALID` where it is none, the member named.
 */
function instantOf(text: string, member: 'from' | 'to'): Date {
  const instant = new Date(DATE.test(text) ? `${text}T00:00:00+03:00` : text);
  if (Number.isNaN(instant.getTime()))
    throw new Refusal('REQUEST_INVALID', { reason: `body.criteria.${member}` });
  return instant;
}

/** The period of a search. `REQUEST_INVALID` where it is none or ends before it begins. */
export function periodOf(asked: AskedCriteria): Pick<Criteria, 'from' | 'to'> {
  const from = asked.from === null ? null : instantOf(asked.from, 'from');
  const to = asked.to === null ? null : instantOf(asked.to, 'to');
  if (from !== null && to !== null && from >= to)
    throw new Refusal('REQUEST_INVALID', { reason: 'body.criteria.to' });
  return { from, to };
}

/** The persons of a search. `IDENTITY_NUMBER_INVALID`. */
export function personsOf(asked: AskedCriteria): Pick<Criteria, 'person' | 'actor'> {
  const number = (text: string | null, reason: 'person' | 'actor') => {
    if (text === null) return null;
    const parsed = KimlikNo.parse(text);
    if (!parsed.ok) throw new Refusal('IDENTITY_NUMBER_INVALID', { reason });
    return parsed.value;
  };
  return { person: number(asked.person, 'person'), actor: number(asked.actor, 'actor') };
}

/** Every criterion as a text in one order, absent ones told from empty ones: what a cursor is bound to. Holds numbers. */
export function criteriaParts(criteria: Criteria): readonly string[] {
  const { person, actor, from, to, kinds, ...texts } = criteria;
  const named: Record<string, string | null> = {
    ...texts,
    person: person?.reveal() ?? null,
    actor: actor?.reveal() ?? null,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    kinds: [...kinds].sort().join(' '),
  };
  return Object.keys(named)
    .sort()
    .flatMap((name) => (named[name] == null ? [] : [name, named[name]]));
}

/** What an entry says of the criteria: nothing personal, of persons only that somebody was sought. */
export function clearCriteria(asked: AskedCriteria, period: Pick<Criteria, 'from' | 'to'>): JsonObject {
  return {
    ...asked,
    person: asked.person !== null,
    actor: asked.actor !== null,
    from: period.from?.toISOString() ?? null,
    to: period.to?.toISOString() ?? null,
  };
}
