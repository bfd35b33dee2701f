import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/audit/canonical-json.js';
import { feedLine } from '../../../src/audit/feed/feed-line.js';

const line = canonicalJson({
  at: '2026-11-22T10:00:00.000Z',
  data: {
    command: 'audit check',
    host: 'h',
    instance: 'b-1',
    osUser: 'ayse',
    source: '10.0.0.7',
    nested: { a: 1 },
  },
  eventAt: '2026-11-22T09:59:59.000Z',
  id: '00000000-0000-4000-8000-000000000001',
  kind: 'command.run',
  sealed: { 'actor.number': { box: 'secret-box', key: 'k', nonce: 'n' } },
  v: 1,
});

describe('a line of the feed', () => {
  const text = feedLine({ leafIndex: 41n, leafHash: Buffer.alloc(32, 7), line });

  it('names leaf and hash, so that a gap shows, and carries the entry’s members', () => {
    expect(JSON.parse(text)).toEqual({
      at: '2026-11-22T10:00:00.000Z',
      data: {
        command: 'audit check',
        host: 'h',
        instance: 'b-1',
        nested: { a: 1 },
        osUser: null,
        source: null,
      },
      eventAt: '2026-11-22T09:59:59.000Z',
      id: '00000000-0000-4000-8000-000000000001',
      kind: 'command.run',
      leafHash: '07'.repeat(32),
      leafIndex: 41,
      v: 1,
    });
  });

  it('holds no sealed value and nothing that may name a person, on one line', () => {
    for (const never of ['secret-box', 'sealed', 'ayse', '10.0.0.7', '\n']) expect(text).not.toContain(never);
  });
});
