import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clearLineFault, clearTextFault } from '../../src/person/clear-text.js';

/** Every character that Unicode lets a program turn or hide a text with, and the controls. */
const HIDDEN = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
  (one) => /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u00ad\u200b-\u200d\ufeff]/u.test(one) && one !== '\n',
);
/** What officers write. */
const plain = fc.string({
  unit: fc.constantFrom(...'abcçğıiİöşüĞŞ ,.;:!?()/-—’“”%&#*₺', '\n', '\r\n', '😀'),
  maxLength: 80,
});

describe('a text that will stand in clear', () => {
  it('passes where everything in it can be seen, on one line or several', () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(clearTextFault(text, 500)).toBeNull();
        expect(clearLineFault(text.replaceAll(/\r?\n/g, ' '), 500)).toBeNull();
      }),
      { seed: 22 },
    );
  });

  it('is refused with any control character or mark of direction, wherever it stands', () => {
    expect(HIDDEN.length).toBeGreaterThan(2000);
    for (const hidden of HIDDEN)
      expect([hidden, clearTextFault(`yaz${hidden}ı`, 500)]).toEqual([hidden, 'unseen']);
    fc.assert(
      fc.property(plain, fc.constantFrom(...HIDDEN), plain, (before, hidden, after) => {
        // With an end of line behind it a carriage return is one.
        fc.pre(hidden !== '\r' || !after.startsWith('\n'));
        // Beside the other half of a pair it would be one.
        expect(clearTextFault(`${before}${hidden}${after}`, 500)).toBe('unseen');
      }),
      { seed: 22 },
    );
  });

  it('is one line where one is asked for', () => {
    for (const text of ['bir\niki', 'bir\r\niki', 'bir\n']) expect(clearLineFault(text, 500)).toBe('unseen');
    expect(clearTextFault('bir\riki', 500)).toBe('unseen');
  });

  it('is counted as browsers, schemas and the catalogue count it', () => {
    expect(clearTextFault('a'.repeat(500), 500)).toBeNull();
    expect(clearTextFault('a'.repeat(501), 500)).toBe('too-long');
    expect(clearTextFault('😀'.repeat(251), 500)).toBe('too-long');
  });
});
