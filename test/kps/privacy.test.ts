import { inspect } from 'node:util';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { KpsReply } from '../../src/kps/port.js';
import { answerTo, citizen, fault, filled, item, sorgulaResponse } from './support/answers.js';
import { ASKED, ASKER, type Bench, PASSWORD, question, startBench } from './support/bench.js';
import type { Reply, Script, Seen } from './support/test-server.js';

const PLANTED = [
  'PLANTED-DIN',
  'PLANTED-KAN',
  'PLANTED-ANNE',
  'PLANTED-HATA',
  'UExBTlRFRC1GT1RP',
  '30000000414',
  '40000000536',
];
const OWN = [ASKED.reveal(), ASKER.reveal(), PASSWORD, 'AAECAwQFBgcICQ', '<'];

let bench: Bench;
afterEach(() => bench.close());

function rich(seen: Seen): Reply {
  const kimlikNo = ASKED.reveal();
  const planted =
    '<AnneTCKimlikNo>30000000414</AnneTCKimlikNo><EsTCKimlikNo>40000000536</EsTCKimlikNo><KanGrubu>PLANTED-KAN</KanGrubu>';
  return answerTo(
    seen,
    sorgulaResponse(item(kimlikNo, filled('TCKisiBilgisi') + citizen({ kimlikNo, planted }))),
  );
}

const changed =
  (change: (body: string) => string): Script =>
  (seen) => ({ ...rich(seen), body: change(String(rich(seen).body)) });

/** Everything that a reply, an event or a thrown thing can show, hidden properties included. */
function everything(values: readonly unknown[]): string {
  return inspect(values, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null });
}

describe('religion, blood group, photograph and relatives, planted in the answer', () => {
  it.each<[string, Script]>([
    ['read', rich],
    ['of another person', changed((body) => body.replaceAll(ASKED.reveal(), '50000000658'))],
    ['truncated', changed((body) => body.slice(0, -40))],
    ['with a member twice', changed((body) => body.replace(/(<TemelBilgisi>.*<\/TemelBilgisi>)/, '$1$1'))],
    ['with a number that is none', changed((body) => body.replace('<c:Gun>17<', '<c:Gun>PLANTED-DIN<'))],
    ['with a second root', changed((body) => `${body}<x/>`)],
    [
      'with a HataBilgisi of its own',
      changed((body) =>
        body.replace(
          /(<SorgulaResult[^>]*>)<HataBilgisi i:nil="true"\/>/,
          '$1<HataBilgisi><c:Aciklama>PLANTED-HATA</c:Aciklama><c:Kod>99</c:Kod></HataBilgisi>',
        ),
      ),
    ],
    [
      'inside a fault',
      (seen) => ({
        ...fault(seen, 'InternalServiceFault'),
        body: String(fault(seen, 'InternalServiceFault').body).replace('An error', PLANTED.join(' ')),
      }),
    ],
    ['with an error status', (seen) => ({ ...rich(seen), status: 500 })],
  ])('are in nothing that comes out of an answer %s', async (_name, script) => {
    const printed: unknown[] = [];
    const spies = (['log', 'error', 'warn', 'info', 'debug'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation((...values) => void printed.push(...values)),
    );
    bench = await startBench({ routing: script });
    const client = await bench.client({ sorgulayan: 'both' });
    const results: (KpsReply | unknown)[] = [];
    results.push(await client.ask(question()).catch((error: unknown) => error));
    for (const spy of spies) spy.mockRestore();
    // The script does plant them: what is searched for was there to be found.
    expect(String((await script(bench.routing.seen[0] as Seen, {} as never))?.body)).toContain('PLANTED');
    const shown = everything([results, bench.events, printed, client]);
    const leaks = [...PLANTED, ...OWN].filter((secret) =>
      everything([results, bench.events, printed]).includes(secret),
    );
    expect(leaks).toEqual([]);
    expect(PLANTED.filter((secret) => shown.includes(secret))).toEqual([]);
  });
});
