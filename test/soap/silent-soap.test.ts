import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type Client, createClientAsync } from 'soap';
import { silence } from '../../src/soap/silent-soap.js';
import { answerTo, sorgulaResponse } from '../kps/support/answers.js';
import { WSDL_DIRECTORY } from '../kps/support/bench.js';

const SECRET = 'PLANTED';

/** A real client of `soap` whose transport answers with, or fails on, something that must not be kept. */
async function call(silent: boolean, fails: boolean) {
  const client: Client = await createClientAsync(
    join(WSDL_DIRECTORY, 'BilesikKutukSorgulaKimlikNoServis-2024-04-01.wsdl'),
    {
      disableCache: true,
      forceSoap12Headers: true,
      httpClient: {
        request: (_url, _xml, callback) => {
          const seen = { body: '', action: 'x', messageId: 'y', headers: {}, remoteAddress: '' };
          const { body } = answerTo(
            seen,
            sorgulaResponse(`<BilesikKutukBilgileri><Ad>${SECRET}</Ad></BilesikKutukBilgileri>`),
          );
          if (fails) callback(Object.assign(new Error('x'), { response: { data: SECRET } }));
          else callback(null, { status: 200, headers: { secret: SECRET } }, body);
          return undefined as never;
        },
      },
    },
  );
  if (silent) silence(client);
  const emitted: unknown[] = [];
  for (const event of ['request', 'message', 'response', 'soapError'] as const) {
    client.on(event as 'request', (...values: unknown[]) => void emitted.push(values));
  }
  await new Promise<void>((resolve) => client.Sorgula({ kriterListesi: { X: SECRET } }, () => resolve()));
  return { emitted, kept: inspect(client, { depth: 2, showHidden: true }).includes(SECRET) };
}

describe.each([
  ['answered', false],
  ['failed', true],
])('a client of the soap package after a call that %s', (_name, fails) => {
  it('has emitted nothing and kept nothing of it', async () => {
    expect(await call(true, fails)).toEqual({ emitted: [], kept: false });
  });

  it('would have done both if it were not silenced', async () => {
    const { emitted, kept } = await call(false, fails);
    expect(emitted.length).toBeGreaterThan(0);
    expect(kept).toBe(true);
  });
});
