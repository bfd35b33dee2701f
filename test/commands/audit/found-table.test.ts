import { describe, expect, it } from '@jest/globals';
import type { FoundEntry } from '../../../src/audit/search/attempt.js';
import { foundTable } from '../../../src/commands/audit/found-table.js';

const AT = new Date('2026-05-04T09:00:00.000Z');
const found = (over: Partial<FoundEntry>): FoundEntry => ({
  leafIndex: 7n,
  leafHash: Buffer.alloc(32),
  at: AT,
  entry: { kind: 'query.intent', data: { client: 'core', purpose: 'ortak-kayit' } },
  outcome: null,
  revealed: null,
  ...over,
});

describe('the table of a search', () => {
  it('has a line for each entry, newest first as they came, and what was opened below its own', () => {
    const text = foundTable([
      found({ leafIndex: 12n, revealed: { 'subject.number': 'destroyed' } }),
      found({ outcome: { outcome: 'match', state: 'answered', leafIndex: 8n } }),
    ]);
    const [head, first, below, second, ...more] = text.split('\n');
    expect(head).toMatch(/^leaf +at +kind +outcome/);
    expect(first).toMatch(/^12 +2026-05-04T09:00:00\.000Z +query\.intent +core +ortak-kayit$/);
    expect(below).toBe('    subject.number: destroyed');
    expect(second).toMatch(/^7 .* match +core/);
    expect(more).toEqual([]);
  });

  it('names the state of a query without outcome, and the code of a refusal', () => {
    expect(foundTable([found({ outcome: { outcome: null, state: 'unknown', leafIndex: 8n } })])).toMatch(
      / unknown /,
    );
    expect(
      foundTable([found({ entry: { kind: 'query.refused', data: { code: 'ROLE_REQUIRED' } } })]),
    ).toMatch(/ ROLE_REQUIRED$/m);
  });

  it('never passes control characters on to the terminal, wherever they stand', () => {
    const text = foundTable([
      found({
        entry: { kind: 'query.intent', data: { reference: 'a\u001b[2Jb\nc', screen: '\u202e' } },
        revealed: { 'actor.address': '\u0007x' },
      }),
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text.split('\n')).toHaveLength(3);
  });
});
