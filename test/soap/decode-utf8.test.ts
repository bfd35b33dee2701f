import { describe, expect, it } from '@jest/globals';
import { decodeUtf8 } from '../../src/soap/decode-utf8.js';

const whole = '<a>ğİ</a>';

describe('the bytes of an answer', () => {
  it('may begin with a byte order mark, which is no part of the text', () => {
    const xml = decodeUtf8(Buffer.from(`\ufeff${whole}`));
    expect(xml).toBe(whole);
  });

  it.each([
    ['broken UTF-8', Buffer.from([0x3c, 0x61, 0xc3, 0x3e])],
    ['UTF-16', Buffer.from('\ufeff<a/>', 'utf16le')],
    ['overlong forms', Buffer.from([0xc0, 0xbc])],
  ])('are refused as %s', (_name, bytes) => {
    expect(decodeUtf8(bytes)).toBeNull();
  });
});
