import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { createClientAsync, type ISecurity } from 'soap';
import { SignedXml } from 'xml-crypto';
import { CALL_LIMIT_MS, type Call, type Job, type Subject, subjectOf, WrongAnswer } from './job.js';
import {
  ACTION,
  ADDRESSING,
  C14N,
  fetchToken,
  lifetimeNow,
  SECURITY,
  SIGNATURE,
  type Token,
  UTILITY,
} from './token.js';

/**
 * The WS-Security header as `soap`'s own WSSecurityCert makes one: the header is put into the finished envelope, which
 * xml-crypto then signs (here the Timestamp alone, by HMAC, as KPS wants it). The agent keeps its connections.
 */
class EndorsedTimestamp implements ISecurity {
  readonly #token: Token;
  readonly #agent: Agent;

  constructor(token: Token, agent: Agent) {
    this.#token = token;
    this.#agent = agent;
  }

  addOptions(options: Record<string, unknown>): void {
    options.httpsAgent = this.#agent;
    options.timeout = CALL_LIMIT_MS;
  }

  toXML(): string {
    return '';
  }

  postProcess(xml: string, envelopeKey: string): string {
    return signed(this.#token, xml, envelopeKey);
  }
}

function signed(token: Token, xml: string, envelopeKey: string): string {
  const { created, expires } = lifetimeNow();
  const header =
    `<wsse:Security xmlns:wsse="${SECURITY}" xmlns:wsu="${UTILITY}" ${envelopeKey}:mustUnderstand="1">` +
    `<wsu:Timestamp wsu:Id="_0"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>` +
    `${token.encryptedData}</wsse:Security>`;
  const whole = xml.replace(`</${envelopeKey}:Header>`, () => `${header}</${envelopeKey}:Header>`);
  const signer = new SignedXml({
    idMode: 'wssecurity',
    privateKey: token.key,
    signatureAlgorithm: `${SIGNATURE}hmac-sha1`,
    canonicalizationAlgorithm: C14N,
  });
  signer.enableHMAC();
  // Set afterwards: enableHMAC() takes KeyInfo away.
  signer.getKeyInfoContent = () => token.reference;
  signer.addReference({
    xpath: "//*[local-name(.)='Timestamp']",
    transforms: [C14N],
    digestAlgorithm: `${SIGNATURE}sha1`,
  });
  signer.computeSignature(whole, {
    location: { reference: "//*[local-name(.)='Security']", action: 'append' },
  });
  return whole.replace('</wsse:Security>', () => `${signer.getSignatureXml()}</wsse:Security>`);
}

/** What `soap` makes of an answer by the WSDL, as far as it is looked at. */
interface Answer {
  readonly SorgulaResult?: {
    readonly SorguSonucu?: {
      readonly BilesikKutukBilgileri?: readonly {
        readonly TCVatandasiKisiKutukleri?: { readonly KisiBilgisi?: Kisi };
      }[];
    };
  };
}
interface Kisi {
  readonly TCKimlikNo?: unknown;
  readonly TemelBilgisi?: {
    readonly Ad?: string;
    readonly Soyad?: string;
    readonly DogumTarih?: { readonly Ay?: number; readonly Gun?: number; readonly Yil?: number };
  };
  readonly DurumBilgisi?: { readonly Durum?: { readonly Kod?: number } };
}

/** (b) The `soap` package with our WSDL and its own HTTP client (axios) over a keep-alive agent: a bare client as one writes it. */
export async function prepareSoapCall(job: Job): Promise<Call> {
  const { kps } = job;
  const agent = new Agent({ ...kps.identity, family: 4, keepAlive: true, maxSockets: job.concurrency });
  const client = await createClientAsync(kps.wsdl, { endpoint: kps.routingUrl, forceSoap12Headers: true });
  client.setSecurity(new EndorsedTimestamp(await fetchToken(job), agent));
  client.addSoapHeader(
    () =>
      `<a:Action xmlns:a="${ADDRESSING}" soap:mustUnderstand="1">${ACTION}</a:Action>` +
      `<a:MessageID xmlns:a="${ADDRESSING}">urn:uuid:${randomUUID()}</a:MessageID>` +
      `<a:To xmlns:a="${ADDRESSING}" soap:mustUnderstand="1">${kps.routingUrl}</a:To>`,
  );
  return async (n) => {
    const subject = subjectOf(job, n);
    const [year, month, day] = subject.dogumTarihi.split('-').map(Number);
    const criterion = { DogumAy: month, DogumGun: day, DogumYil: year, KimlikNo: subject.kimlikNo };
    const [answer] = (await client.SorgulaAsync({
      kriterListesi: { BilesikKutukSorgulaKimlikNoSorguKriteri: [criterion] },
    })) as [Answer];
    if (!isMatch(answer, subject)) throw new WrongAnswer('the record is not the one asked for');
  };
}

function isMatch(answer: Answer, { kimlikNo, ad, soyad, dogumTarihi }: Subject): boolean {
  const item = answer.SorgulaResult?.SorguSonucu?.BilesikKutukBilgileri?.[0];
  const kisi = item?.TCVatandasiKisiKutukleri?.KisiBilgisi;
  const date = kisi?.TemelBilgisi?.DogumTarih;
  const [year, month, day] = dogumTarihi.split('-').map(Number);
  return (
    String(kisi?.TCKimlikNo) === kimlikNo &&
    kisi?.TemelBilgisi?.Ad === ad &&
    kisi.TemelBilgisi.Soyad === soyad &&
    kisi.DurumBilgisi?.Durum?.Kod === 1 &&
    date?.Yil === year &&
    date?.Ay === month &&
    date?.Gun === day
  );
}
