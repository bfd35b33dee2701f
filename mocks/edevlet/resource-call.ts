import type { SystemRequest, Verdict } from '../http/national-system.js';
import type { WorldPerson } from '../world/world.js';
import { findClient } from './clients.js';
import type { Grant } from './issued.js';
import { isKapsam, type Kapsam } from './kapsam.js';
import type { EdevletParts } from './parts.js';
import { readResourceFields } from './read-resource.js';
import { Refused } from './refused.js';
import { jsonReply } from './replies.js';

/** Only the first is known (facts/e-devlet.md §4); the others are ours. */
const SUCCESS = 'EDV09.000';
const REFUSALS = {
  request: { code: 'EDV09.001', text: 'İstek hatalı' },
  client: { code: 'EDV09.002', text: 'İstemci tanımlı değil' },
  token: { code: 'EDV09.003', text: 'Erişim anahtarı geçersiz' },
  kapsam: { code: 'EDV09.004', text: 'Kapsam için yetki yok' },
  empty: { code: 'EDV09.005', text: 'Kayıt bulunamadı' },
} as const;
const RESOURCE_ID = '1';
const FIELDS = ['clientId', 'accessToken', 'resourceId', 'kapsam'];

/** AuthenticationController: one data set of the person. Refusals stand under HTTP 200 with another code. */
export function resourceCall(request: SystemRequest, parts: EdevletParts): Verdict {
  let action = 'resource';
  try {
    const fields = readFields(request, parts);
    const kapsam = fields.get('kapsam');
    if (isKapsam(kapsam)) action = `resource:${kapsam}`;
    const { grant, person } = requireGrant(fields, kapsam, parts);
    const { kimlikNo } = person;
    const data = dataOf(kapsam as Kapsam, person, grant, request.fault?.kind === 'no-level');
    if (data === null) throw refused('no-data', 'empty', kimlikNo);
    const body = { sonucKodu: SUCCESS, sonucAciklamasi: 'İşlem başarılı', ...data };
    return { seen: [{ action, kimlikNo }], reply: jsonReply(body) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { reason, code, text, kimlikNo } = error;
    return {
      seen: [{ action, kimlikNo }],
      refused: reason,
      reply: jsonReply({ sonucKodu: code, sonucAciklamasi: text }),
    };
  }
}

function readFields(
  request: SystemRequest,
  { resourceTransport }: EdevletParts,
): ReadonlyMap<string, string> {
  if (request.headers.authorization !== undefined) throw refused('authorization-header', 'request');
  const read = readResourceFields(request, resourceTransport);
  if (!read.ok) throw refused(read.problem, 'request');
  // A secret, or the code, that is sent along would stand in one more place.
  if ([...read.fields.keys()].some((name) => !FIELDS.includes(name)))
    throw refused('unknown-field', 'request');
  return read.fields;
}

function requireGrant(
  fields: ReadonlyMap<string, string>,
  kapsam: string | undefined,
  { clients, issued, world }: EdevletParts,
): { grant: Grant; person: WorldPerson } {
  const client = findClient(clients, fields.get('clientId'));
  if (client === undefined) throw refused('client', 'client');
  const found = issued.find(fields.get('accessToken') ?? '');
  if (!found.ok) throw refused(found.reason, 'token');
  const { grant } = found;
  const { kimlikNo } = grant;
  if (grant.clientId !== client.clientId) throw refused('token-of-another-client', 'token', kimlikNo);
  if (fields.get('resourceId') !== RESOURCE_ID) throw refused('resource-id', 'request', kimlikNo);
  if (!isKapsam(kapsam)) throw refused('kapsam-unknown', 'kapsam', kimlikNo);
  if (!grant.scopes.includes(kapsam)) throw refused('kapsam-not-granted', 'kapsam', kimlikNo);
  const person = world.person(kimlikNo);
  if (person === undefined) throw refused('no-data', 'empty', kimlikNo);
  return { grant, person };
}

/** What a data set holds; null where this world knows nothing of it. */
function dataOf(kapsam: Kapsam, person: WorldPerson, { level }: Grant, noLevel: boolean): object | null {
  const { kimlikNo, ad, soyad, dogumTarihi } = person;
  switch (kapsam) {
    case 'Kimlik-Dogrula':
      return noLevel ? {} : { level };
    case 'Ad-Soyad':
      return { kullaniciBilgileri: { kimlikNo, ad, soyad } };
    case 'Temel-Bilgileri':
      return { kullaniciBilgileri: { kimlikNo, ad, soyad, dogumTarihi } };
    default:
      return null;
  }
}

function refused(reason: string, told: keyof typeof REFUSALS, kimlikNo?: string): Refused {
  return new Refused(reason, REFUSALS[told], kimlikNo);
}
