import { describe, expect, it } from '@jest/globals';
import { guardedParser, runGuarded, type XmlProblem, XmlRefused } from '../../src/soap/guarded-parser.js';

const problemOf = (xml: string): XmlProblem | null => runGuarded(guardedParser(noop, noop), xml);
const noop = (): void => {};

describe('the guard, whatever room uses it', () => {
  it.each([
    ['a DOCTYPE', '<!DOCTYPE a><a/>', 'doctype'],
    ['a processing instruction', '<?php x?><a/>', 'forbidden-construct'],
    ['another encoding', '<?xml version="1.0" encoding="utf-16"?><a/>', 'not-utf8'],
    ['a second root', '<a/><b/>', 'not-well-formed'],
    ['an end that is missing', '<a><b></b>', 'not-well-formed'],
    ['an undeclared prefix', '<x:a/>', 'not-well-formed'],
    ['65 elements inside each other', '<a>'.repeat(65) + '</a>'.repeat(65), 'too-deep'],
    ['20,001 elements', `<a>${'<b/>'.repeat(20_000)}</a>`, 'too-many-elements'],
    ['__proto__', '<__proto__/>', 'forbidden-construct'],
    ['constructor', '<a><constructor/></a>', 'forbidden-construct'],
    ['prototype behind a prefix', '<a xmlns:x="urn:x"><x:prototype/></a>', 'forbidden-construct'],
    ['id', '<a id="1"/>', 'forbidden-construct'],
    ['href', '<a href="#1"/>', 'forbidden-construct'],
    ['XML inside CDATA', '<a><![CDATA[<?xml version="1.0"?><b/>]]></a>', 'forbidden-construct'],
    ['nothing', '', 'not-well-formed'],
  ])('refuses %s', (_name, xml, problem) => {
    expect(problemOf(xml)).toBe(problem);
  });

  it.each([
    ['64 elements inside each other', '<a>'.repeat(64) + '</a>'.repeat(64)],
    ['20,000 elements', `<a>${'<b/>'.repeat(19_999)}</a>`],
    ['a declaration of UTF-8', '<?xml version="1.0" encoding="UTF-8"?><a>ğ&amp;</a>'],
  ])('lets %s pass', (_name, xml) => {
    expect(problemOf(xml)).toBeNull();
  });

  it('ends as the problem that a room’s own handler names', () => {
    const refusing = guardedParser(() => {
      throw new XmlRefused('not-soap');
    }, noop);
    expect(runGuarded(refusing, '<a/>')).toBe('not-soap');
  });

  it('tells each element with its depth, at its start and its end', () => {
    const told: string[] = [];
    const parser = guardedParser(
      (tag, depth) => told.push(`${depth}${tag.local}`),
      (tag, depth) => told.push(`${depth}/${tag.local}`),
    );
    expect(runGuarded(parser, '<a><b/><c/></a>')).toBeNull();
    expect(told).toEqual(['1a', '2b', '2/b', '2c', '2/c', '1/a']);
  });
});
