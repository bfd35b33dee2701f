import type { KpsQuestion } from './port.js';
import type { CriterionField, KpsServiceSpec } from './services.js';
import { text, type Xml } from './xml-writer.js';

/** `$xml` is how `soap` takes a value that is escaped already: its own escaping lets text through that looks like CDATA. */
type Leaf = { readonly $xml: Xml } | null;

/** The body of one question as `soap` serialises it by the WSDL. */
export type CriterionBody = Readonly<
  Record<string, Readonly<Record<string, ReadonlyArray<Record<string, Leaf>>>>>
>;

/**
 * One criterion: each criterion costs a fee, so a call carries one. Members in ordinal order, because the provider's
 * reader silently takes one out of order for empty (facts/kps.md §3.1). An unknown part goes as the version's row says.
 * Throws `WRONG_USE` where a name holds a character that XML cannot carry.
 */
export function criterionBody(spec: KpsServiceSpec, question: KpsQuestion): CriterionBody {
  const members: Record<string, Leaf> = {};
  for (const field of [...spec.criterion].sort()) {
    const value = memberValue(field, question, spec.unknownDatePart);
    if (value !== undefined) members[field] = value;
  }
  return { kriterListesi: { [spec.criterionElement]: [members] } };
}

function memberValue(
  field: CriterionField,
  question: KpsQuestion,
  unknown: KpsServiceSpec['unknownDatePart'],
): Leaf | undefined {
  switch (field) {
    case 'Ad':
      return { $xml: text(question.ad) };
    case 'Soyad':
      return { $xml: text(question.soyad) };
    case 'KimlikNo':
      return { $xml: text(question.kimlikNo.reveal()) };
    case 'DogumYil':
      return part(question.dogumTarihi.year, unknown);
    case 'DogumAy':
      return part(question.dogumTarihi.month, unknown);
    case 'DogumGun':
      return part(question.dogumTarihi.day, unknown);
  }
}

function part(value: number | null, unknown: KpsServiceSpec['unknownDatePart']): Leaf | undefined {
  if (value !== null) return { $xml: text(String(value)) };
  if (unknown === 'zero') return { $xml: text('0') };
  return unknown === 'nil' ? null : undefined;
}
