import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  createLog,
  type ErrorLogFields,
  type Log,
  type LogLevel,
  silentLog,
} from '../../src/telemetry/log.js';
import { safeError } from '../../src/telemetry/safe-error.js';

// Made up: no check digits hold.
const NUMBER = '12345678901';
const MERSIS = '1234567890100015';

function recorded(
  write: (log: Log) => void,
  level: LogLevel = 'debug',
): { text: string; lines: Record<string, unknown>[] } {
  const parts: string[] = [];
  write(createLog({ level, destination: { write: (part) => void parts.push(part) } }));
  const text = parts.join('');
  return {
    text,
    lines: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

const loose = (fields: object) => fields as ErrorLogFields;

/** Stands for the class of `person/`, which this room does not know. */
class KimlikNo {
  toString(): string {
    throw new Error('printed');
  }
  toJSON(): string {
    throw new Error('printed');
  }
}

describe('a log line', () => {
  it('carries event, level, time and allowed fields', () => {
    const { lines } = recorded((log) =>
      log.info('kps.call-finished', {
        service: 'TumKutukDogrulaServis',
        ms: 12,
        leafIndex: 7n,
        attached: true,
      }),
    );
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        event: 'kps.call-finished',
        service: 'TumKutukDogrulaServis',
        ms: 12,
        leafIndex: 7,
        attached: true,
      },
    ]);
  });

  it('is one line, whatever its fields hold', () => {
    const { text, lines } = recorded((log) =>
      log.info('x', { reason: 'a\n{"level":"error","event":"forged"}\r\u2028' }),
    );
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'info', event: 'x' });
  });

  it('shows fields outside the closed list as dropped, without their values', () => {
    const { text, lines } = recorded((log) =>
      log.info('x', loose({ ad: 'Ayşe', soyad: 'Yılmaz', dogumTarihi: '1950-01-01', password: 'hunter2' })),
    );
    expect(lines[0]).toMatchObject({
      ad: '[dropped]',
      soyad: '[dropped]',
      dogumTarihi: '[dropped]',
      password: '[dropped]',
    });
    expect(text).not.toMatch(/Ayşe|Yılmaz|1950|hunter2/);
  });

  it('counts names that may be data instead of printing them', () => {
    const { text, lines } = recorded((log) => log.info('x', loose({ [NUMBER]: 1, 'Ayşe Yılmaz': 2, ms: 3 })));
    expect(lines[0]).toMatchObject({ droppedFields: 2, ms: 3 });
    expect(text).not.toMatch(/12345678901|Yılmaz/);
  });

  it('drops objects and lists unread, and shows a KimlikNo as ***', () => {
    const { text, lines } = recorded((log) =>
      log.info(
        'x',
        loose({
          kind: { ad: 'Ayşe' },
          from: [NUMBER],
          to: () => NUMBER,
          id: new KimlikNo(),
          reason: Symbol('x'),
        }),
      ),
    );
    expect(lines[0]).toMatchObject({
      kind: '[dropped]',
      from: '[dropped]',
      to: '[dropped]',
      id: '***',
      reason: '[dropped]',
    });
    expect(text).not.toMatch(/Ayşe|12345678901/);
  });

  it.each([
    ['alone', NUMBER],
    ['in a sentence', `no record for ${NUMBER}, asked twice`],
    ['against letters', `tc${NUMBER}x`],
    ['in a path', `/v1/people/${NUMBER}?x=1`],
    ['with blanks', '123 456 789 01'],
    ['with a blank that does not break', '123\u00a0456\u00a0789\u00a001'],
    ['in Arabic digits', '١٢٣٤٥٦٧٨٩٠١'],
    ['in wide digits', '１２３４５６７８９０１'],
    ['in a MERSİS number', MERSIS],
    ['in numbers strung together', `${NUMBER}${NUMBER}${NUMBER}`],
    ['in what looks like a hash of digits alone', NUMBER.repeat(6).slice(0, 64)],
    ['behind a long text', `${'x'.repeat(250)} ${NUMBER}`],
    ['across the place where a text is cut', `${'x'.repeat(294)}${NUMBER}`],
    ['across the place where reading ends', `${'1'.repeat(1100)},${'2'.repeat(93)},${NUMBER}`],
  ])('masks an identity number %s', (_where, reason) => {
    const { text } = recorded((log) => log.info('x', { reason }));
    expect(text).toContain('***');
    expect(text.replace(/"time":"[^"]*"/, '')).not.toMatch(/[\p{Nd}]{5}/u);
  });

  it('masks an identity number that is a number', () => {
    const { text } = recorded((log) =>
      log.info('x', { count: Number(NUMBER), size: BigInt(MERSIS), ms: 12345678901.5 }),
    );
    expect(text).not.toContain('12345678901');
    expect(text.match(/\*\*\*/g)).toHaveLength(3);
  });

  it('lets UUIDs, hashes, days and times through', () => {
    const fields = {
      entryId: '01890a5d-ac96-774b-bcce-123456789012',
      leafHash: `${'12345678901'.repeat(5)}abcdef012`,
      from: '2026-07-01T10:11:12.123Z',
      ms: 1234567890,
    };
    const { lines } = recorded((log) => log.info('x', fields));
    expect(lines[0]).toMatchObject(fields);
  });

  it('cuts long texts', () => {
    const { lines } = recorded((log) => log.info('x', { reason: 'x'.repeat(100_000) }));
    expect(String(lines[0]?.reason).length).toBeLessThanOrEqual(301);
  });

  it('drops an event that is a sentence or holds a number', () => {
    const { text, lines } = recorded((log) => {
      log.info('asked about Ayşe Yılmaz');
      log.info(`asked.${NUMBER}`);
    });
    expect(lines.map((line) => line.event)).toEqual(['[dropped]', '[dropped]']);
    expect(text).not.toMatch(/Ayşe|12345678901/);
  });

  it('carries the fields of its parents, kept by the same rules', () => {
    const { lines, text } = recorded((log) =>
      log
        .child(loose({ instance: 'bridge-1', ad: 'Ayşe' }))
        .child({ client: NUMBER })
        .warn('x', { ms: 1 }),
    );
    expect(lines[0]).toMatchObject({
      level: 'warn',
      instance: 'bridge-1',
      ad: '[dropped]',
      client: '***',
      ms: 1,
    });
    expect(text).not.toContain('Ayşe');
  });

  it('is not written below its level', () => {
    expect(
      recorded((log) => {
        log.debug('x');
        log.info('x');
        log.warn('y');
      }, 'warn').lines.map((line) => line.event),
    ).toEqual(['y']);
  });

  it('never throws, also where fields cannot be read', () => {
    const hostile = {
      get ms(): number {
        throw new Error('no');
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const { lines } = recorded((log) => {
      log.info('x', hostile);
      log.error('x', proxy);
      log.child(hostile).info('y');
    });
    expect(lines.map((line) => line.reason)).toEqual(['[dropped]', '[dropped]', '[dropped]']);
  });

  it('is not written by the silent log', () => {
    expect(silentLog.child({})).toBe(silentLog);
    expect(() => silentLog.error('x', { error: new Error('x') })).not.toThrow();
  });
});

describe('an error in the log', () => {
  it('shows name, code and frames, never its message', () => {
    const error = Object.assign(new TypeError(`bad value "${NUMBER}" of Ayşe\n    at Ayşe (secret)\nmore`), {
      code: 'ERR_BAD',
    });
    const { text, lines } = recorded((log) => log.error('x', { error }));
    const shown = lines[0]?.error as { name: string; code: string; frames: string[]; message?: string };
    expect(shown).toMatchObject({ name: 'TypeError', code: 'ERR_BAD' });
    expect(shown.frames.length).toBeGreaterThan(0);
    for (const frame of shown.frames) expect(frame).toMatch(/^at .*:\d+:\d+\)?$|^at async Promise/);
    expect(text).not.toMatch(/Ayşe|12345678901|bad value|secret/);
  });

  it('shows no message that imitates frames', () => {
    const forged = '    at Ayse (/people/Yilmaz:1:1)';
    const error = new Error(`x\n${forged}`);
    expect(inspect(safeError(error))).not.toMatch(/Ayse|Yilmaz/);
    // Also where the message was changed after the stack was written, and the stack is cut to the message alone.
    const changed = new Error(`secret ${NUMBER}\nsecond line`);
    changed.message = 'other';
    expect(inspect(safeError(changed))).not.toMatch(/secret|second line|12345678901/);
  });

  it('shows causes, at most four, and stops in a circle', () => {
    const error: Error & { cause?: unknown } = new Error('a', { cause: new RangeError('b') });
    expect(safeError(error).cause).toMatchObject({ name: 'RangeError' });
    error.cause = error;
    let depth = 0;
    for (let at = safeError(error); at.cause !== undefined; at = at.cause) depth += 1;
    expect(depth).toBe(4);
  });

  it('shows only allowed fields of an error of ours', () => {
    const error = Object.assign(new Error('x'), {
      code: 'CONFIG_INVALID',
      fields: { file: 'bridge.yaml', problems: 3, ad: 'Ayşe' },
    });
    expect(safeError(error).fields).toEqual({ file: 'bridge.yaml', problems: '[dropped]', ad: '[dropped]' });
  });

  it('drops names and codes that are no words, and what a library hangs on an error', () => {
    const error = Object.assign(new Error('x'), {
      name: 'Ayşe Yılmaz',
      code: NUMBER,
      response: { body: 'Ayşe' },
      detail: `Key (${NUMBER}) exists`,
    });
    const shown = safeError(error);
    expect(shown).toMatchObject({ name: 'Error', code: '[dropped]' });
    expect(inspect(shown, { depth: 9 })).not.toMatch(/Ayşe|12345678901/);
  });

  it.each([[NUMBER], [{ ad: 'Ayşe' }], [null], [() => 1]])('that is no error is not shown: %p', (thrown) => {
    expect(safeError(thrown)).toEqual({ name: `not an error (${typeof thrown})` });
  });

  it('with throwing getters is still shown', () => {
    const error = new Error('x');
    for (const key of ['stack', 'code', 'cause', 'fields', 'name'])
      Object.defineProperty(error, key, {
        get: () => {
          throw new Error('no');
        },
      });
    expect(safeError(error)).toEqual({ name: 'Error' });
  });
});
