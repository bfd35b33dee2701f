import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/audit/canonical-json.js';
import { CATALOGUE } from '../../../../src/audit/catalogue/catalogue.js';
import type { EntryDraft, EntryKind, Receipt } from '../../../../src/audit/entry.js';
import type { Lane } from '../../../../src/audit/lane.js';
import type { Criteria } from '../../../../src/audit/search/criteria.js';
import { digitsOf, numberOf, personOf } from '../../support/parts.js';

/** The start of every test's time. */
export const START = Date.parse('2026-05-04T09:00:00.000Z');
export const NONE: Criteria = {
  person: null,
  actor: null,
  cooperative: null,
  from: null,
  to: null,
  purpose: null,
  outcome: null,
  screen: null,
  service: null,
  reference: null,
  query: null,
  session: null,
  kinds: [],
  code: null,
};

/** A draft of `kind` with every member of it: those in `data`, null for the others. */
export function draft(
  kind: EntryKind,
  data: JsonObject,
  who: { actor?: number; person?: number } = {},
): EntryDraft {
  const members = Object.keys(CATALOGUE[kind].data.shape).map((name) => [name, data[name] ?? null]);
  return {
    id: randomUUID(),
    kind,
    eventAt: new Date(START),
    data: Object.fromEntries(members) as JsonObject,
    personal: [
      ...(who.actor === undefined ? [] : [numberOf('actor', who.actor)]),
      ...(who.person === undefined ? [] : [numberOf('subject', who.person)]),
    ],
  };
}

/** A lane that writes drafts as they are: what a search relies on must hold for entries of any content. */
export const rawLane: Lane<EntryDraft, Receipt> = {
  name: '9-raw',
  patienceMs: 20_000,
  settle: async (_tx, drafts) =>
    drafts.map((one) => ({ entries: [one], effects: [], answer: ([receipt]) => receipt as Receipt })),
};

export const uuidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** One entry of a random log as the naive model knows it. `ends`: which earlier query it closes, as an index into the log. */
export interface ModelEntry {
  readonly kind: 'query.intent' | 'query.outcome' | 'query.refused' | 'query.read';
  readonly actor: number;
  readonly person: number;
  readonly cooperative: number;
  readonly purpose: number;
  readonly reference: number;
  readonly session: number;
  readonly code: number;
  readonly outcome: number;
  readonly ends: number;
  /** Minutes since the entry before. */
  readonly pause: number;
}

const COOPERATIVES = ['0000000000000017', '0000000000000025'];
const PURPOSES = ['ortak-kayit', 'genel-kurul'];
const CODES = ['ROLE_REQUIRED', 'RATE_LIMITED'];
const OUTCOMES = ['match', 'mismatch', null] as const;

const small = (max: number) => fc.integer({ min: 0, max });
/** Few values of everything, so that criteria meet. */
export const modelEntry: fc.Arbitrary<ModelEntry> = fc.record({
  kind: fc.constantFrom('query.intent', 'query.intent', 'query.outcome', 'query.refused', 'query.read'),
  actor: small(2),
  person: small(3),
  cooperative: small(1),
  purpose: small(1),
  reference: small(2),
  session: small(2),
  code: small(1),
  outcome: small(2),
  ends: small(1000),
  pause: small(2),
});

/** What stands in the log for it. */
export interface LogEntry {
  readonly draft: EntryDraft;
  readonly at: Date;
  readonly has: Partial<Record<Exclude<keyof Criteria, 'kinds' | 'from' | 'to'>, string | null>>;
}

/** The entries of a random log, in order, with what a search must know of each; outcomes hang at the intents they end. */
export function logOf(
  entries: readonly ModelEntry[],
): readonly (LogEntry & { readonly outcomes: string[] })[] {
  const log: (LogEntry & { readonly outcomes: string[] })[] = [];
  let minutes = 0;
  entries.forEach((entry, leaf) => {
    minutes += entry.pause;
    const at = new Date(START + minutes * 60_000);
    const intents = log.flatMap((one, i) => (one.draft.kind === 'query.intent' ? [i] : []));
    const intent = intents[entry.ends % Math.max(1, intents.length)];
    if (entry.kind !== 'query.outcome') log.push({ ...askedOf(entry, leaf), at, outcomes: [] });
    else {
      const outcome = OUTCOMES[entry.outcome] ?? null;
      const query = intent === undefined ? uuidOf(9999) : uuidOf(intent);
      const data = {
        intent: intent ?? 9999,
        outcome,
        query,
        state: outcome === null ? 'unknown' : 'answered',
      };
      log.push({ draft: draft('query.outcome', data), at, has: { query }, outcomes: [] });
      if (intent !== undefined) log[intent]?.outcomes.push(outcome ?? 'unknown');
    }
  });
  return log;
}

function askedOf(entry: ModelEntry, leaf: number): Pick<LogEntry, 'draft' | 'has'> {
  const session = uuidOf(500 + entry.session);
  const actor = { acr: 'x', authTime: 'x', session };
  const shared = {
    cooperative: COOPERATIVES[entry.cooperative] as string,
    purpose: PURPOSES[entry.purpose] as string,
    screen: `S-${entry.purpose}`,
  };
  if (entry.kind === 'query.intent') {
    const own = {
      ...shared,
      query: uuidOf(leaf),
      reference: `R/${entry.reference}`,
      service: `s${entry.code}`,
    };
    return {
      draft: draft('query.intent', { ...own, actor }, { actor: entry.actor, person: entry.person }),
      has: { ...own, session, actor: digitsOf(entry.actor), person: digitsOf(entry.person) },
    };
  }
  if (entry.kind === 'query.refused') {
    const own = { ...shared, code: CODES[entry.code] as string };
    return {
      draft: draft('query.refused', { ...own, actor }, { actor: entry.actor }),
      has: { ...own, session, actor: digitsOf(entry.actor) },
    };
  }
  const query = uuidOf(entry.ends % 50);
  return {
    draft: draft('query.read', { of: query, actor, screen: shared.screen }, { actor: entry.actor }),
    has: { query, session, screen: shared.screen, actor: digitsOf(entry.actor) },
  };
}

/** Mostly absent: many criteria at once fit nothing. */
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(small(4), value).map(([chance, one]) => (chance === 0 ? one : null));
const minute = small(60).map((minutes) => new Date(START + minutes * 60_000));

/** Any mixture of criteria. */
export const anyCriteria: fc.Arbitrary<Criteria> = fc
  .record({
    person: seldom(small(4).map(personOf)),
    actor: seldom(small(3).map(personOf)),
    cooperative: seldom(fc.constantFrom(...COOPERATIVES, '0000000000000033')),
    from: seldom(minute),
    to: seldom(minute),
    purpose: seldom(fc.constantFrom(...PURPOSES)),
    outcome: seldom(fc.constantFrom('match', 'mismatch', 'unknown')),
    screen: seldom(fc.constantFrom('S-0', 'S-1')),
    service: seldom(fc.constantFrom('s0', 's1')),
    reference: seldom(fc.constantFrom('R/0', 'R/1', 'R/7')),
    query: seldom(small(30).map(uuidOf)),
    session: seldom(small(3).map((n) => uuidOf(500 + n))),
    kinds: fc.subarray(['query.intent', 'query.outcome', 'query.refused', 'query.read']),
    code: seldom(fc.constantFrom(...CODES)),
  })
  .map((criteria) => ({ ...NONE, ...criteria }));

/** The leaves that a search must give, newest first: every entry looked at, one by one. */
export function naiveSearch(
  log: readonly (LogEntry & { readonly outcomes: readonly string[] })[],
  criteria: Criteria,
): number[] {
  const { person, actor, from, to, kinds, outcome, ...equal } = criteria;
  const wanted: Record<string, string | null> = {
    ...equal,
    person: person?.reveal() ?? null,
    actor: actor?.reveal() ?? null,
  };
  return log
    .flatMap((entry, leaf) => {
      const has = entry.has as Record<string, string | null | undefined>;
      const fits =
        Object.entries(wanted).every(([name, value]) => value === null || has[name] === value) &&
        (kinds.length === 0 || kinds.includes(entry.draft.kind)) &&
        (outcome === null || entry.outcomes.includes(outcome)) &&
        (from === null || entry.at >= from) &&
        (to === null || entry.at < to);
      return fits ? [leaf] : [];
    })
    .reverse();
}
