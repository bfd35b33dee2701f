import { type Issued, issueCa, issueLeaf } from '../../../certs-example/issue.js';
import { TSA } from '../../../certs-example/profile.js';
import type { TsaSettings } from '../../../mocks/settings.js';
import { makeCertificates, type TestCertificates } from './certificates.js';
import { type Harness, startHarness } from './harness.js';
import { CUSTOMER, identity, post, type TsaReply, timeStampReq, USER } from './tsa-client.js';

export interface TsaCertificates extends TestCertificates {
  readonly tsaCa: string;
  readonly tsa: Issued;
}

export async function makeTsaCertificates(): Promise<TsaCertificates> {
  const now = new Date();
  const ca = await issueCa('koopbis-sandbox-tsa-ca', now);
  return { ...(await makeCertificates()), tsaCa: ca.certPem, tsa: await issueLeaf(TSA, ca, now) };
}

export interface TsaHarness extends Harness {
  /** A right request to `/plain` unless told otherwise. */
  stamp(path?: string, body?: Buffer, headers?: Record<string, string | string[]>): Promise<TsaReply>;
}

/** The stand-ins with a time stamping authority. */
export async function startTsaHarness(
  certificates: TsaCertificates,
  options: { directory?: string; now?: () => number } = {},
): Promise<TsaHarness> {
  const tsa: TsaSettings = {
    host: '127.0.0.1',
    port: 0,
    cert: certificates.tsa.certPem,
    key: certificates.tsa.keyPem,
    customers: [{ customerNo: 1, password: 'other' }, CUSTOMER],
    users: [USER],
  };
  const stand = await startHarness(certificates, { ...options, settings: { tsa } });
  const url = (path: string) => new URL(path, stand.running.urls.tsa).href;
  return {
    ...stand,
    stamp: (path = '/plain', body = timeStampReq(), headers = {}) =>
      post(url(path), { body, headers: path === '/' ? { identity: identity(), ...headers } : headers }),
  };
}
