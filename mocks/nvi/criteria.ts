import { elementsOf, textOf, type XmlElement } from '../xml/xml-element.js';
import { intOf, isNil, longOf, readMembers, stringOf } from './data-contract.js';
import { type ServiceVersion, serviceNamespace } from './services.js';
import { deserializationFailed, Refused } from './soap-fault.js';

/** One question after the reader of data contracts has had it: what it passed over is null. */
export interface Criterion {
  readonly kimlikNo: string | null;
  readonly dogumYil: number | null;
  readonly dogumAy: number | null;
  readonly dogumGun: number | null;
  readonly ad: string | null;
  readonly soyad: string | null;
  readonly tckkSeriNo: string | null;
}

/** Not published; a list longer than this is refused as WCF refuses an object graph that is too large. */
const MAX_CRITERIA = 100;

/**
 * The criteria of a `Sorgula`; empty where the list is missing, nil or empty.
 *
 * @throws Refused with DeserializationFailed
 */
export function readCriteria(body: XmlElement, service: ServiceVersion): readonly Criterion[] {
  const namespace = serviceNamespace(service);
  const [sorgula, ...others] = elementsOf(body);
  if (!sorgula?.is(namespace, 'Sorgula') || others.length > 0)
    throw new Refused('body-not-sorgula', deserializationFailed);
  const list = readMembers(sorgula, namespace, ['kriterListesi']).get('kriterListesi');
  if (list === undefined || isNil(list)) return [];
  const items = elementsOf(list).filter((item) => item.is(namespace, service.criterion));
  if (items.length > MAX_CRITERIA) throw new Refused('too-many-criteria', deserializationFailed);
  return items.map((item) => readCriterion(item, namespace, service));
}

/** The numbers asked about, as they stand in the message and in no matter what order: for the witness. */
export function lookAtNumbers(body: XmlElement | undefined): string[] {
  const numbers: string[] = [];
  const waiting = body === undefined ? [] : [body];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (element.localName === 'KimlikNo') numbers.push((textOf(element) ?? '').trim().slice(0, 20));
    for (const child of elementsOf(element).reverse()) waiting.push(child);
  }
  return numbers;
}

function readCriterion(item: XmlElement, namespace: string, service: ServiceVersion): Criterion {
  const members = readMembers(item, namespace, service.members);
  return {
    kimlikNo: longOf(members, 'KimlikNo'),
    dogumYil: intOf(members, 'DogumYil'),
    dogumAy: intOf(members, 'DogumAy'),
    dogumGun: intOf(members, 'DogumGun'),
    ad: stringOf(members, 'Ad'),
    soyad: stringOf(members, 'Soyad'),
    tckkSeriNo: stringOf(members, 'TCKKSeriNo'),
  };
}
