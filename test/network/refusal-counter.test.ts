import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRefusalCounter } from '../../src/network/refusal-counter.js';
import { refusalEntry } from '../../src/network/refusal-entry.js';

const at = (second: number) => new Date(Date.UTC(2026, 4, 4, 9, 0, second));

describe('the counter of refusals', () => {
  it('sums by source, minute and code', () => {
    const counter = createRefusalCounter();
    counter.count('192.0.2.1', 'CLIENT_CERTIFICATE_UNKNOWN', at(1));
    counter.count('192.0.2.1', 'CLIENT_CERTIFICATE_UNKNOWN', at(59));
    counter.count('192.0.2.1', 'SOURCE_ADDRESS_NOT_ALLOWED', at(59));
    counter.count('192.0.2.2', 'CLIENT_CERTIFICATE_UNKNOWN', at(60));
    const rows = counter
      .take()
      .map(({ source, minute, code, count }) => [source, minute.getUTCMinutes(), code, count]);
    expect(rows).toEqual([
      ['192.0.2.1', 0, 'CLIENT_CERTIFICATE_UNKNOWN', 2],
      ['192.0.2.1', 0, 'SOURCE_ADDRESS_NOT_ALLOWED', 1],
      ['192.0.2.2', 1, 'CLIENT_CERTIFICATE_UNKNOWN', 1],
    ]);
  });

  it('gives out only minutes that have ended, each once', () => {
    const counter = createRefusalCounter();
    counter.count('a', 'CLIENT_CERTIFICATE_UNKNOWN', at(30));
    counter.count('a', 'CLIENT_CERTIFICATE_UNKNOWN', at(61));
    expect(counter.take(at(59))).toEqual([]);
    expect(counter.take(at(60)).map((row) => row.minute)).toEqual([at(0)]);
    expect(counter.take(at(60))).toEqual([]);
    expect(counter.take()).toHaveLength(1);
    expect(counter.take()).toEqual([]);
  });

  it('tells two hundred sources of a minute apart and sums the others, so that nobody fills memory or the log', () => {
    const counter = createRefusalCounter();
    for (let i = 0; i < 5000; i += 1) counter.count(`s${i}`, 'CLIENT_CERTIFICATE_UNKNOWN', at(5));
    counter.count('s3', 'CLIENT_CERTIFICATE_UNKNOWN', at(6));
    const rows = counter.take();
    expect(rows).toHaveLength(201);
    expect(rows.find((row) => row.source === 'other')?.count).toBe(4800);
    expect(rows.find((row) => row.source === 's3')?.count).toBe(2);
  });

  it('loses and invents no refusal, whatever comes and whenever it is taken or put back', () => {
    const step = fc.oneof(
      fc.record({ source: fc.constantFrom('a', 'b', 'other', ''), second: fc.nat(300) }),
      fc.constantFrom('take', 'take ended', 'fail'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const counter = createRefusalCounter();
        let counted = 0;
        let taken = 0;
        for (const one of steps) {
          if (typeof one === 'object') {
            counter.count(one.source, 'CLIENT_CERTIFICATE_UNKNOWN', at(one.second));
            counted += 1;
          } else {
            const rows = counter.take(one === 'take ended' ? at(120) : undefined);
            for (const row of rows) {
              if (one === 'fail') counter.restore(row);
              else taken += row.count;
            }
          }
        }
        for (const row of counter.take()) taken += row.count;
        expect(taken).toBe(counted);
      }),
    );
  });

  it('puts back what the log could not take without growing over its bound', () => {
    const counter = createRefusalCounter();
    for (let i = 0; i < 30_000; i += 1) {
      counter.restore({ source: `s${i}`, minute: at(0), code: 'CLIENT_CERTIFICATE_UNKNOWN', count: 1 });
    }
    const rows = counter.take();
    expect(rows).toHaveLength(20_001);
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(30_000);
  });

  it('becomes one entry for each row, without anything personal', () => {
    const counted = {
      source: '192.0.2.1',
      minute: at(0),
      code: 'CLIENT_CERTIFICATE_UNKNOWN' as const,
      count: 3,
    };
    expect(refusalEntry(counted, 'bridge-1')).toMatchObject({
      kind: 'access.refused',
      eventAt: at(0),
      data: {
        code: 'CLIENT_CERTIFICATE_UNKNOWN',
        count: 3,
        instance: 'bridge-1',
        minute: at(0).toISOString(),
        source: '192.0.2.1',
      },
      personal: [],
    });
  });
});
