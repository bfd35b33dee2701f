import { describe, expect, it } from '@jest/globals';
import { AnswerCut } from '../../src/kps/answer-cut.js';
import { MEMBERS_READ } from '../../src/kps/register.js';
import { inspectSoap } from '../../src/kps/xml-guard.js';
import {
  citizen,
  emptyRegister,
  envelope,
  filled,
  foreigner,
  item,
  replyHeader,
  sorgulaResponse,
} from './support/answers.js';

function cut(xml: string, keep: ReadonlySet<string> = MEMBERS_READ): string {
  const cutting = new AnswerCut(xml, keep);
  expect(inspectSoap(xml, cutting)).toMatchObject({ ok: true });
  const result = cutting.result();
  expect(inspectSoap(result)).toMatchObject({ ok: true });
  return result;
}

const result = (inner: string): string => envelope('', `<R xmlns="urn:r"><RResult>${inner}</RResult></R>`);

describe('what is cut out of an answer', () => {
  it.each([
    [
      'an element with its content',
      '<Ad>A</Ad><Din><Kod>1</Kod></Din><Soyad>B</Soyad>',
      '<Ad>A</Ad><Soyad>B</Soyad>',
    ],
    ['an empty element', '<Ad>A</Ad><Din/><Soyad/>', '<Ad>A</Ad><Soyad/>'],
    ['elements in a row', '<Din/><Din x="1"></Din ><Foto>1</Foto>', ''],
    ['an element with a > in an attribute', '<Din x=">" y=\'/>\'>x</Din><Ad>A</Ad>', '<Ad>A</Ad>'],
    [
      'an element with CDATA and comments',
      '<Din><![CDATA[</Din><Ad>]]><!-- <Din> --></Din><Ad>A</Ad>',
      '<Ad>A</Ad>',
    ],
    ['an element of the same name inside', '<Din><Din/><Ad>x</Ad></Din><Ad>A</Ad>', '<Ad>A</Ad>'],
    [
      'a prefixed element',
      '<p:Din xmlns:p="urn:p">x</p:Din><p:Ad xmlns:p="urn:p">A</p:Ad>',
      '<p:Ad xmlns:p="urn:p">A</p:Ad>',
    ],
    [
      'nothing around characters of two units',
      '<Ad>𝔸</Ad><Din>𝔸</Din><Soyad>İ</Soyad>',
      '<Ad>𝔸</Ad><Soyad>İ</Soyad>',
    ],
    [
      'nothing of a list',
      '<SorguSonucu><Any><Ad>A</Ad><Din/></Any></SorguSonucu>',
      '<SorguSonucu><Any><Ad>A</Ad></Any></SorguSonucu>',
    ],
  ])('is %s', (_name, inner, expected) => {
    expect(cut(result(inner))).toBe(result(expected).replace('<s:Header></s:Header>', ''));
  });

  it('is everything personal that is not compared, before the answer is parsed', () => {
    const xml = envelope(
      replyHeader('urn:x', 'id'),
      sorgulaResponse(
        item(
          '10000000146',
          filled('TCKisiBilgisi') +
            emptyRegister('MaviKartliKisiKutukleri') +
            citizen({ kimlikNo: '10000000146', planted: '<AnneTCKimlikNo>PLANTED</AnneTCKimlikNo>' }) +
            foreigner({ kimlikNo: '10000000146' }),
        ),
      ),
    );
    const left = cut(xml);
    expect(left).not.toMatch(/PLANTED|UExBTlRFRC|MedeniHal|Cinsiyet|AnneAd|Fotograf/);
    expect(left).toMatch(/<Ad>AYŞE NUR<\/Ad>.*<TCKimlikNo>10000000146|<TCKimlikNo>10000000146.*<Ad>AYŞE NUR/);
    expect(left).toContain('TCKisiBilgisi');
  });
});
