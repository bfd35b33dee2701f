import { describe, expect, it } from '@jest/globals';
import type { AuthorityFacts } from '../../../src/authority/facts.js';
import type { RecordedSeat } from '../../../src/authority/record.js';
import { evaluate } from '../../../src/authority/rights/evaluate.js';
import {
  decisionDocument,
  type ExplainedRecord,
  explainLines,
} from '../../../src/authority/rights/explain.js';
import { containsKimlikNo } from '../../../src/person/contains-kimlik-no.js';
import { factsOf, ROLE_ID, SEAT_ID, seat, staff, TIME } from './support/facts.js';

const recorded: RecordedSeat = {
  ...seat(),
  tag: 'ab'.repeat(16),
  source: 'mersis',
  state: 'tescil-edildi',
  representation: 'MUSTEREKEN',
  gazette: '2024-01-05 10991/12',
  actsFor: null,
  appointment: null,
};
const HELD: ExplainedRecord = { record: { seats: [recorded] }, leaf: 41n };

const documentOf = (action: string, facts: AuthorityFacts, held: ExplainedRecord | null = HELD) =>
  decisionDocument(evaluate({ action, context: { member: false, acr: null } }, facts, TIME), held, 12n);

describe('an explanation', () => {
  it('walks from the right to the seat, to its registration, to the entry of the log', () => {
    expect(documentOf('member.add', factsOf({ seats: [seat()] }))).toEqual({
      decision: true,
      context: {
        reason: {
          code: 'granted',
          tr: 'Yetki vardır.',
          en: 'The right is there.',
          right: {
            role: 'board',
            action: 'member.add',
            rule: 'Yönetmelik m.10; Usul ve Esaslar m.5(3); m.9(3)',
          },
          seat: {
            id: SEAT_ID,
            role: 'board',
            from: '2024-01-01',
            to: '2028-01-01',
            representation: 'MUSTEREKEN',
            actsFor: null,
          },
          role: null,
          registration: { on: '2024-01-05', gazette: '2024-01-05 10991/12' },
          entry: { leafIndex: 41 },
        },
        authority_version: 12,
        read_at: '2026-05-04T09:00:00.000Z',
        freshness: 'fresh',
      },
    });
  });

  it('of a refusal shows the seat that comes nearest, and that it has no registration', () => {
    const { decision, context } = documentOf(
      'member.add',
      factsOf({ seats: [seat({ registeredOn: null })] }),
    );
    const { code, right, seat: near, registration, entry } = context.reason;
    expect({ decision, code, right, near: near?.id, registration, entry }).toEqual({
      decision: false,
      code: 'not-registered-yet',
      right: null,
      near: SEAT_ID,
      registration: null,
      entry: { leafIndex: 41 },
    });
  });

  it('of staff names the role, since no seat gives the right', () => {
    const { reason } = documentOf('document.read', factsOf({ roles: [staff('directorate')] })).context;
    expect(reason.role).toEqual({
      id: ROLE_ID,
      role: 'directorate',
      ministry: 'ticaret',
      il: 'Ankara',
      from: null,
      to: null,
    });
    expect([reason.seat, reason.registration, reason.entry]).toEqual([null, null, null]);
  });

  it('without a record says of the seat what the facts say', () => {
    const { reason } = documentOf('member.add', factsOf({ seats: [seat()] }), null).context;
    expect([reason.seat?.representation, reason.registration?.gazette, reason.entry]).toEqual([
      null,
      null,
      null,
    ]);
    expect(reason.registration?.on).toBe('2024-01-05');
  });

  it('never shows whose seat it is', () => {
    const text = JSON.stringify(documentOf('member.add', factsOf({ seats: [seat()] })));
    expect(text).not.toContain(recorded.tag);
    expect(containsKimlikNo(text)).toBe(false);
  });

  it('in lines says the same', () => {
    const lines = explainLines(documentOf('member.add', factsOf({ seats: [seat()] })));
    expect(lines).toEqual([
      'decision      yes',
      'reason        granted: Yetki vardır. / The right is there.',
      'right         board, member.add: Yönetmelik m.10; Usul ve Esaslar m.5(3); m.9(3)',
      `seat          ${SEAT_ID} (board, 2024-01-01 to 2028-01-01)`,
      'signature     MUSTEREKEN (shown only: each acts alone)',
      'registration  2024-01-05, gazette 2024-01-05 10991/12',
      'entry         leaf 41',
      'reading       fresh, of 2026-05-04T09:00:00.000Z; authority version 12',
    ]);
    expect(explainLines(documentOf('x', { ...factsOf(), cooperative: null, seatedAt: null }))).toEqual([
      'decision      no',
      'reason        unknown-action: Bu işlem, işlem listesinde yoktur. / This action is not in the list of actions.',
      'reading       stale, of no day; authority version 12',
    ]);
    const office = explainLines(documentOf('document.read', factsOf({ roles: [staff('directorate')] })));
    expect(office).toContain(`role          ${ROLE_ID} (directorate:ticaret/Ankara)`);
  });
});
