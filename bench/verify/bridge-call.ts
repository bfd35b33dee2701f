import { Pool } from 'undici';
import { type Asker, CALL_LIMIT_MS, type Call, type Job, subjectOf, WrongAnswer } from './job.js';

interface Verification {
  readonly outcome?: string;
  readonly units?: number;
  readonly code?: string;
  readonly receipt?: { readonly leafIndex?: number; readonly leafHash?: string };
}

/** (a) The service API as a registered client calls it: mutual TLS, kept-alive connections, a board member's token. */
export async function prepareBridgeCall(job: Job): Promise<Call> {
  const { url, identity, askers } = job.api;
  const pool = new Pool(url, {
    connections: job.concurrency,
    pipelining: 1,
    connect: { ...identity, family: 4 },
    headersTimeout: CALL_LIMIT_MS,
    bodyTimeout: CALL_LIMIT_MS,
  });
  return async (n) => {
    const { accessToken, cooperative } = askers[n % askers.length] as Asker;
    const { statusCode, body } = await pool.request({
      path: '/v1/identity/verifications',
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        'x-koopbis-screen': 'bench',
      },
      body: JSON.stringify({ purpose: 'ortak-kayit', cooperative, subject: subjectOf(job, n) }),
    });
    const { outcome, units, code, receipt } = (await body.json()) as Verification;
    const right =
      statusCode === 200 &&
      outcome === 'match' &&
      units === 1 &&
      Number.isInteger(receipt?.leafIndex) &&
      receipt?.leafHash?.length === 64;
    if (!right) throw new WrongAnswer(`HTTP ${statusCode} ${code ?? outcome ?? ''}`);
  };
}
