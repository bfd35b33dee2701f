import { KimlikNo, kimlikCheckDigits } from '../../../../src/person/kimlik-no.js';
import { vknCheckDigit } from '../../../../src/person/vkn.js';

export const vkn = (nine: string): string => nine + vknCheckDigit(nine);
export const kimlik = (nine: string): string => nine + kimlikCheckDigits(nine);

export const VKN = vkn('123456789');
export const MERSIS_NO = `0${VKN}00017`;
export const OTHER_VKN = vkn('987654321');
export const OTHER_NO = `0${OTHER_VKN}00017`;
/** Made-up numbers whose check digits hold. */
export const AYSE = kimlik('100000001');
export const ALI = kimlik('200000002');
export const NATURAL_NO = `${AYSE}00017`;

export type Json = Record<string, unknown>;

export function duty(change: Json = {}): Json {
  return {
    gorevTuru: 'YONETIM_KURULU_UYESI',
    gercekKisi: { kimlikNo: AYSE },
    baslangic: '2024-06-01',
    bitis: '2028-06-01',
    tescil: { durum: 'TESCIL_EDILDI', tarih: '2024-06-20', gazete: '2024-06-25 11045/312' },
    temsilSekli: 'MUSTEREKEN',
    ...change,
  };
}

export const legal = (change: Json = {}): Json => {
  const { gercekKisi: _none, ...rest } = duty();
  return {
    ...rest,
    tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'DENİZ A.Ş.', temsilciKimlikNo: ALI },
    ...change,
  };
};

export function cooperative(change: Json = {}): Json {
  return {
    mersisNo: MERSIS_NO,
    vergiNo: VKN,
    unvan: 'S.S. ÇINAR KONUT YAPI KOOPERATİFİ',
    tur: 'Konut Yapı',
    seviye: 'birim',
    kanun: '1163',
    il: 'Ankara',
    durum: 'FAAL',
    durumTarihi: '2010-04-01',
    gorevler: [duty()],
    ...change,
  };
}

export const AS_OF = '2026-03-01T09:30:00+03:00';

export function found(change: Json = {}, root: Json = {}): Json {
  return { kod: 'BULUNDU', bilgiTarihi: AS_OF, kooperatif: cooperative(change), ...root };
}

export const NOT_FOUND: Json = { kod: 'BULUNAMADI', bilgiTarihi: AS_OF };

/** The same content as an element of the WSDL; null and undefined give no element. */
export function xml(value: unknown, name: string): string {
  if (value === null || value === undefined) return '';
  const tag = name.slice(0, 1).toUpperCase() + name.slice(1);
  if (Array.isArray(value)) {
    return tag === 'Gorevler'
      ? `<Gorevler>${value.map((item) => xml(item, 'gorev')).join('')}</Gorevler>`
      : value.map((item) => xml(item, name)).join('');
  }
  const inner =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([key, item]) => xml(item, key))
          .join('')
      : String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<${tag}>${inner}</${tag}>`;
}

export const SOAP_1_1 = 'http://schemas.xmlsoap.org/soap/envelope/';

export function envelope(body: string, header = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP_1_1}">${header}<s:Body>${body}</s:Body></s:Envelope>`;
}

export function soapAnswer(content: Json, operation = 'SorgulaMersisNo'): string {
  return envelope(
    `<${operation}Response xmlns="urn:koopbis:mersis:1">${xml(content, 'cevap')}</${operation}Response>`,
  );
}

export function soapFault(code: string): string {
  return envelope(
    `<s:Fault><faultcode>s:${code}</faultcode><faultstring>${AYSE} bulunamadı</faultstring><detail><kimlik>${AYSE}</kimlik></detail></s:Fault>`,
  );
}

/** The number as its own type, for comparison. */
export function number(text: string): KimlikNo {
  const parsed = KimlikNo.parse(text);
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}
