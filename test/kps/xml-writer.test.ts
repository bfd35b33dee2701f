import { describe, expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { element, text } from '../../src/kps/xml-writer.js';

function readBack(xml: string): string {
  const parser = new SaxesParser({ xmlns: true });
  let read = '';
  parser.on('text', (content) => {
    read += content;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return read;
}

describe('the XML writer', () => {
  it.each(['a & b', '<Ad>', ']]>', '"\'', '<![CDATA[x]]></Ad><Soyad>', '&amp;', 'İĞÜŞÖÇ ıi', '𝔸'])(
    'carries %s through as text and nothing else',
    (value) => {
      expect(readBack(element('Ad', {}, text(value)))).toBe(value);
    },
  );

  it('escapes attribute values', () => {
    expect(element('a', { b: '"><c d="' })).toBe('<a b="&quot;&gt;&lt;c d=&quot;"></a>');
  });

  it.each(['\u0000', '\u0008', '\t', '\n', '\r', '\u001b[31m', '\u007f', '\u0085', '\ufffe', '\ud800'])(
    'refuses control characters and halves of characters without quoting them (%j)',
    (value) => {
      let message = '';
      try {
        text(`GİZLİ${value}`);
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('cannot carry');
      expect(message).not.toContain('GİZLİ');
    },
  );

  it.each(['a b', '', '1a', 'a:b:c', 'a>', 'a/'])('refuses %j as an element or attribute name', (name) => {
    expect(() => element(name, {})).toThrow('name');
    expect(() => element('a', { [name]: 'x' })).toThrow('name');
  });
});
