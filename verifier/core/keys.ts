import { hex, utf8, utf8Text } from './bytes.js';
import { certificatesOfPem, type RawCertificate } from './certificates.js';
import { type Environment, sha256, type Trust } from './environment.js';
import { readFile } from './files.js';
import { LIMITS } from './limits.js';
import { type LogKey, parseLogKeys } from './note.js';
import { fail, type Held } from './report.js';

/** What signatures and time stamps are held against. */
export interface Keys {
  readonly logKeys: readonly LogKey[];
  readonly anchors: readonly RawCertificate[];
}

/** Reads `log.pub` and `tsa-ca.pem`; keys from outside take their place where they were given. */
export async function readKeys(
  environment: Environment,
  trust: Trust,
  origin: string,
): Promise<readonly [Keys, Held]> {
  const ownKeys = logKeysOf(environment, await textOf(environment, 'log.pub'), 'log.pub');
  const ownAnchors = certificatesOfPem(await textOf(environment, 'tsa-ca.pem')) ?? badAnchors('tsa-ca.pem');
  const givenKeys = trust.logKeys.flatMap((text) => logKeysOf(environment, text, '--log-key'));
  const givenAnchors = trust.tsaCas.flatMap((text) => certificatesOfPem(text) ?? badAnchors('--tsa-ca'));
  const logKeys = trust.logKeys.length > 0 ? givenKeys : ownKeys;
  const anchors = trust.tsaCas.length > 0 ? givenAnchors : ownAnchors;
  const foreign = logKeys.find((key) => key.name !== origin);
  if (foreign !== undefined) {
    fail(
      'Bir anahtar başka bir kayıt defterine ait.',
      'A key belongs to another log.',
      `${foreign.text}, expected ${origin}`,
    );
  }
  return [{ logKeys, anchors }, words(environment, { logKeys, anchors }, trust)];
}

async function textOf(environment: Environment, name: string): Promise<string> {
  const text = utf8Text(await readFile(environment, name, LIMITS.keyFileBytes));
  return text ?? fail('Bir anahtar dosyası metin değil.', 'A key file is no text.', name);
}

function logKeysOf(environment: Environment, text: string, from: string): readonly LogKey[] {
  return (
    parseLogKeys(environment, text) ??
    fail('Kayıt defterinin anahtarı okunamıyor.', 'A key of the log cannot be read.', from)
  );
}

function badAnchors(from: string): never {
  fail(
    'Zaman damgası makamının kök sertifikası okunamıyor.',
    'The certificates of the time-stamping authority cannot be read.',
    from,
  );
}

function words(environment: Environment, { logKeys, anchors }: Keys, trust: Trust): Held {
  const inside = [
    ...(trust.logKeys.length > 0 ? [] : ['log.pub']),
    ...(trust.tsaCas.length > 0 ? [] : ['tsa-ca.pem']),
  ].join(', ');
  const fingerprints = [
    ...logKeys.map((key) => `log key ${key.text}, SHA-256 ${hex(sha256(environment, utf8(key.text)))}`),
    ...anchors.map((one) => `time-stamp CA ${one.subject}, SHA-256 ${hex(sha256(environment, one.der))}`),
  ];
  const detail = fingerprints.join('\n');
  if (inside === '') {
    return {
      tr: 'İmzalar, klasör dışından verilen anahtarlarla sınanır.',
      en: 'Signatures are held against keys given from outside the folder.',
      detail,
    };
  }
  return {
    tr: `Anahtarlar bu klasörden alındı (${inside}): aşağıdaki parmak izlerini kurumun yayımladıklarıyla karşılaştırın; aynı değillerse bu rapor bir şey kanıtlamaz.`,
    en: `Keys were taken from this folder (${inside}): compare the fingerprints below with the published ones; if they differ, this report proves nothing.`,
    detail,
  };
}
