import { type Issued, issueCa, issueLeaf } from '../../../certs-example/issue.js';
import { CLIENTS, KPS_CLIENT, STAND_INS } from '../../../certs-example/profile.js';

export interface TestCertificates {
  readonly ca: string;
  readonly server: Issued;
  readonly client: Issued;
  /** Signed by a CA that the stand-ins do not know. */
  readonly foreign: Issued;
}

/** Fresh certificates for one test file; nothing is written to disk. */
export async function makeCertificates(): Promise<TestCertificates> {
  const now = new Date();
  const ca = await issueCa('koopbis-sandbox-ca', now);
  const foreignCa = await issueCa('koopbis-foreign-ca', now);
  const foreignProfile = CLIENTS['foreign-ca'];
  return {
    ca: ca.certPem,
    server: await issueLeaf(STAND_INS, ca, now),
    client: await issueLeaf(KPS_CLIENT, ca, now),
    foreign: await issueLeaf(foreignProfile, foreignCa, now),
  };
}
