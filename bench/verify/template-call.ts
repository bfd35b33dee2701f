import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { CALL_LIMIT_MS, type Call, type Job, type Subject, subjectOf, WrongAnswer } from './job.js';
import {
  ACTION,
  ADDRESSING,
  C14N,
  fetchToken,
  lifetimeNow,
  SECURITY,
  SERVICE,
  SIGNATURE,
  SOAP,
  type Token,
  UTILITY,
} from './token.js';

/** (c) The least that can be done: strings, node:crypto, undici, and four searches in the answer. Not safe, a lower bound. */
export async function prepareTemplateCall(job: Job): Promise<Call> {
  const { kps } = job;
  const { origin, pathname } = new URL(kps.routingUrl);
  const pool = new Pool(origin, {
    connections: job.concurrency,
    pipelining: 1,
    connect: { ...kps.identity, family: 4 },
    headersTimeout: CALL_LIMIT_MS,
    bodyTimeout: CALL_LIMIT_MS,
  });
  const write = envelopeWriter(await fetchToken(job), kps.routingUrl);
  return async (n) => {
    const subject = subjectOf(job, n);
    const { statusCode, body } = await pool.request({
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
      body: write(subject),
    });
    const xml = await body.text();
    if (statusCode !== 200 || !isMatch(xml, subject)) throw new WrongAnswer(`HTTP ${statusCode}`);
  };
}

function envelopeWriter(token: Token, to: string): (subject: Subject) => string {
  const start =
    `<s:Envelope xmlns:s="${SOAP}"><s:Header><a:Action xmlns:a="${ADDRESSING}" s:mustUnderstand="1">${ACTION}</a:Action>` +
    `<a:To xmlns:a="${ADDRESSING}" s:mustUnderstand="1">${to}</a:To><a:MessageID xmlns:a="${ADDRESSING}">urn:uuid:`;
  const security = `</a:MessageID><o:Security xmlns:o="${SECURITY}" s:mustUnderstand="1">`;
  const infoStart =
    `<SignedInfo xmlns="${SIGNATURE}"><CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${SIGNATURE}hmac-sha1"></SignatureMethod><Reference URI="#_0"><Transforms>` +
    `<Transform Algorithm="${C14N}"></Transform></Transforms><DigestMethod Algorithm="${SIGNATURE}sha1"></DigestMethod><DigestValue>`;
  const infoEnd = '</DigestValue></Reference></SignedInfo>';
  const end =
    `</SignatureValue><KeyInfo>${token.reference}</KeyInfo></Signature></o:Security></s:Header><s:Body>` +
    `<Sorgula xmlns="${SERVICE}"><kriterListesi><BilesikKutukSorgulaKimlikNoSorguKriteri>`;
  const close = '</BilesikKutukSorgulaKimlikNoSorguKriteri></kriterListesi></Sorgula></s:Body></s:Envelope>';
  return ({ kimlikNo, dogumTarihi }) => {
    const { created, expires } = lifetimeNow();
    const [year, month, day] = dogumTarihi.split('-').map(Number);
    const timestamp =
      `<u:Timestamp xmlns:u="${UTILITY}" u:Id="_0"><u:Created>${created}</u:Created>` +
      `<u:Expires>${expires}</u:Expires></u:Timestamp>`;
    const info = infoStart + createHash('sha1').update(timestamp).digest('base64') + infoEnd;
    const value = createHmac('sha1', token.key).update(info).digest('base64');
    return (
      `${start}${randomUUID()}${security}${timestamp}${token.encryptedData}<Signature xmlns="${SIGNATURE}">${info}` +
      `<SignatureValue>${value}${end}<DogumAy>${month}</DogumAy><DogumGun>${day}</DogumGun><DogumYil>${year}</DogumYil>` +
      `<KimlikNo>${kimlikNo}</KimlikNo>${close}`
    );
  };
}

const KISI = '<TCVatandasiKisiKutukleri>';

function isMatch(xml: string, { kimlikNo, ad, soyad, dogumTarihi }: Subject): boolean {
  const kisi = xml.slice(xml.indexOf('<KisiBilgisi>', xml.indexOf(KISI)), xml.indexOf('</KisiBilgisi>'));
  const [year, month, day] = dogumTarihi.split('-').map(Number);
  return (
    kisi.includes(`<TCKimlikNo>${kimlikNo}</TCKimlikNo>`) &&
    kisi.includes(`<Ad>${ad}</Ad>`) &&
    kisi.includes(`<Soyad>${soyad}</Soyad>`) &&
    kisi.includes(
      `<DogumTarih><a:Ay>${month}</a:Ay><a:Gun>${day}</a:Gun><a:Yil>${year}</a:Yil></DogumTarih>`,
    ) &&
    /<Durum><a:Aciklama>[^<]*<\/a:Aciklama><a:Kod>1<\/a:Kod><\/Durum>/.test(kisi)
  );
}
