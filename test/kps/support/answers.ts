import type { Reply, Script, Seen } from './test-server.js';

export const S = 'http://www.w3.org/2003/05/soap-envelope';
export const A = 'http://www.w3.org/2005/08/addressing';
export const U = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const O = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const K = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd';

export function envelope(header: string, body: string): string {
  return (
    `<s:Envelope xmlns:s="${S}" xmlns:a="${A}" xmlns:u="${U}"><s:Header>${header}</s:Header>` +
    `<s:Body>${body}</s:Body></s:Envelope>`
  );
}

export function replyHeader(action: string, relatesTo: string, created = new Date()): string {
  const at = created.toISOString();
  return (
    `<a:Action s:mustUnderstand="1">${action}</a:Action><a:RelatesTo>urn:uuid:${relatesTo}</a:RelatesTo>` +
    `<o:Security s:mustUnderstand="1" xmlns:o="${O}"><u:Timestamp u:Id="_0"><u:Created>${at}</u:Created>` +
    `<u:Expires>${at}</u:Expires></u:Timestamp></o:Security>`
  );
}

export const ENCRYPTED_DATA =
  '<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">' +
  '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"></xenc:EncryptionMethod>' +
  "<KeyInfo  xmlns='http://www.w3.org/2000/09/xmldsig#'><KeyName>CN=ıİ &amp; 𝔸</KeyName ></KeyInfo>" +
  '<xenc:CipherData><xenc:CipherValue>AAECAwQFBgcICQ==</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>';

export const PROOF_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export interface RstrOptions {
  readonly lifetimeS?: number;
  readonly now?: number;
  readonly encryptedData?: string;
  readonly proof?: string;
  readonly token?: string;
  readonly extra?: string;
  readonly guid?: string;
  /** Declarations put on the response element. */
  readonly declarations?: string;
}

export function rstrBody(options: RstrOptions = {}): string {
  const now = options.now ?? Date.now();
  const guid = options.guid ?? '_5f2b6ab8-0000-4000-8000-000000000001';
  const created = new Date(now).toISOString();
  const expires = new Date(now + (options.lifetimeS ?? 3600) * 1000).toISOString();
  const reference =
    `<o:SecurityTokenReference xmlns:o="${O}" k:TokenType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1" xmlns:k="${K}">` +
    `<o:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID">${guid}</o:KeyIdentifier>` +
    '</o:SecurityTokenReference>';
  const token = options.token ?? options.encryptedData ?? ENCRYPTED_DATA;
  return (
    `<trust:RequestSecurityTokenResponseCollection xmlns:trust="${TRUST}"><trust:RequestSecurityTokenResponse${options.declarations ?? ''}>` +
    '<trust:KeySize>256</trust:KeySize>' +
    `<trust:Lifetime><u:Created>${created}</u:Created><u:Expires>${expires}</u:Expires></trust:Lifetime>` +
    `<trust:RequestedSecurityToken>${token}</trust:RequestedSecurityToken>` +
    `${options.extra ?? ''}` +
    `<trust:RequestedProofToken>${options.proof ?? `<trust:BinarySecret>${PROOF_KEY}</trust:BinarySecret>`}</trust:RequestedProofToken>` +
    `<trust:RequestedAttachedReference>${reference}</trust:RequestedAttachedReference>` +
    `<trust:RequestedUnattachedReference>${reference}</trust:RequestedUnattachedReference>` +
    '<trust:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</trust:TokenType>' +
    '</trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection>'
  );
}

export function rstr(seen: Seen, options: RstrOptions = {}): Reply {
  return { body: envelope(replyHeader(`${TRUST}/RSTRC/IssueFinal`, seen.messageId), rstrBody(options)) };
}

export const issuing: Script = (seen) => rstr(seen);

export function fault(seen: Seen | null, subcode: string, created?: Date): Reply {
  const header = seen === null ? '' : replyHeader(`${A}/soap/fault`, seen.messageId, created);
  return {
    status: 500,
    body: envelope(
      header,
      `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:f="${O}">f:${subcode}</s:Value></s:Subcode></s:Code>` +
        '<s:Reason><s:Text xml:lang="tr">An error occurred when verifying security for the message.</s:Text></s:Reason></s:Fault>',
    ),
  };
}

export interface PersonOptions {
  readonly version?: string;
  readonly kimlikNo: string;
  readonly ad?: string;
  readonly soyad?: string | null;
  readonly durum?: number;
  readonly dogum?: readonly [number | null, number | null, number | null];
  readonly olum?: readonly [number | null, number | null, number | null] | null;
  readonly planted?: string;
}

const NIL = 'i:nil="true"';
const part = (name: string, value: number | null): string =>
  value === null ? `<c:${name} ${NIL}/>` : `<c:${name}>${value}</c:${name}>`;
export const tarih = (
  name: string,
  value: readonly [number | null, number | null, number | null] | null,
): string => {
  const [year, month, day] = value ?? [null, null, null];
  return `<${name}>${part('Ay', month)}${part('Gun', day)}${part('Yil', year)}</${name}>`;
};
export const parametre = (name: string, kod: number | null, aciklama = 'metin'): string =>
  kod === null
    ? `<${name}><c:Aciklama ${NIL}/><c:Kod ${NIL}/></${name}>`
    : `<${name}><c:Aciklama>${aciklama}</c:Aciklama><c:Kod>${kod}</c:Kod></${name}>`;

/** Cinsiyet Kod 1 stands before Durum on purpose: whoever takes the first Kod calls everybody open. */
export function citizen(options: PersonOptions): string {
  return (
    `<TCVatandasiKisiKutukleri><HataBilgisi ${NIL}/><KisiBilgisi>${options.planted ?? ''}` +
    `<DurumBilgisi>${parametre('Din', 1, 'PLANTED-DIN')}${parametre('Durum', options.durum ?? 1)}${parametre('MedeniHal', 1)}` +
    `${tarih('OlumTarih', options.olum ?? null)}</DurumBilgisi><HataBilgisi ${NIL}/><TCKimlikNo>${options.kimlikNo}</TCKimlikNo>` +
    `<TemelBilgisi><Ad>${options.ad ?? 'AYŞE NUR'}</Ad><AnneAd>PLANTED-ANNE</AnneAd>${parametre('Cinsiyet', 1)}` +
    `${tarih('DogumTarih', options.dogum ?? [1980, 5, 17])}` +
    `${options.soyad === null ? `<Soyad ${NIL}/>` : `<Soyad>${options.soyad ?? 'YILDIZ'}</Soyad>`}</TemelBilgisi></KisiBilgisi>` +
    `<TCKKFotografBilgisi><Fotograf>UExBTlRFRC1GT1RP</Fotograf>${parametre('HataBilgisi', 8, 'Yetkiniz yoktur.')}</TCKKFotografBilgisi>` +
    '</TCVatandasiKisiKutukleri>'
  );
}

export function foreigner(options: PersonOptions): string {
  return (
    `<YabanciKisiKutukleri><HataBilgisi ${NIL}/><KisiBilgisi>${tarih('DogumTarih', options.dogum ?? [1975, 1, 1])}` +
    `<DurumBilgisi>${parametre('Durum', options.durum ?? 1)}${parametre('MedeniHal', 2)}</DurumBilgisi>` +
    `<KimlikNo>${options.kimlikNo}</KimlikNo>${tarih('OlumTarih', options.olum ?? null)}` +
    `<TemelBilgisi><Ad>${options.ad ?? 'JOHN'}</Ad>${parametre('Cinsiyet', 1)}<Soyad>${options.soyad ?? 'SMITH'}</Soyad></TemelBilgisi>` +
    '</KisiBilgisi></YabanciKisiKutukleri>'
  );
}

/** A register without the person: nils everywhere and its own HataBilgisi 2. */
export function emptyRegister(container: string, hata = 2): string {
  return (
    `<${container}>${parametre('HataBilgisi', hata, 'Aradığınız kriterlere uygun kayıt bulunamadı.')}<KisiBilgisi>` +
    `<DurumBilgisi>${parametre('Durum', null)}</DurumBilgisi><KimlikNo ${NIL}/><TCKimlikNo ${NIL}/>` +
    `<TemelBilgisi><Ad ${NIL}/><Soyad ${NIL}/></TemelBilgisi></KisiBilgisi></${container}>`
  );
}

export const filled = (...names: string[]): string =>
  `<DoluBilesenler>${names.map((name) => `<d:CstBilesikKutukServisDoluBilesen xmlns:d="http://schemas.datacontract.org/2004/07/Common.Types.Constants">${name}</d:CstBilesikKutukServisDoluBilesen>`).join('')}</DoluBilesenler>`;

export const item = (kimlikNo: string | null, inner: string, hata = `<HataBilgisi ${NIL}/>`): string =>
  `<BilesikKutukBilgileri>${hata}` +
  `${kimlikNo === null ? `<KimlikNo ${NIL}/>` : `<KimlikNo>${kimlikNo}</KimlikNo>`}${inner}</BilesikKutukBilgileri>`;

export function sorgulaResponse(items: string, options: { version?: string; hata?: string } = {}): string {
  const version = options.version ?? '2024/04/01';
  return (
    `<SorgulaResponse xmlns="http://kps.nvi.gov.tr/${version}"><SorgulaResult xmlns:c="http://kps.nvi.gov.tr/2011/01/01" ` +
    `xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${options.hata ?? `<HataBilgisi ${NIL}/>`}` +
    `<SorguSonucu>${items}</SorguSonucu></SorgulaResult></SorgulaResponse>`
  );
}

/** A whole answer to `seen`. */
export function answerTo(
  seen: Seen,
  body: string,
  change: { action?: string; relatesTo?: string } = {},
): Reply {
  return {
    body: envelope(
      replyHeader(change.action ?? `${seen.action}Response`, change.relatesTo ?? seen.messageId),
      body,
    ),
  };
}

/** Answers any question with one open citizen of the number asked. */
export const knowsEverybody: Script = (seen) => {
  const kimlikNo = /KimlikNo>(\d+)</.exec(seen.body)?.[1] ?? '';
  const version = /kps\.nvi\.gov\.tr\/(\d{4}\/\d\d\/\d\d)\//.exec(seen.action)?.[1] ?? '';
  return answerTo(
    seen,
    sorgulaResponse(item(kimlikNo, filled('TCKisiBilgisi') + citizen({ kimlikNo })), { version }),
  );
};
