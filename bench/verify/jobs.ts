import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from '../../mocks/population/population.js';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { Asker, Identity, Job, Subject, Way } from './job.js';
import type { Town } from './town.js';

/** Board members who ask, each with a session and a token of their own. */
const ASKERS = 8;
const CLIENT = 'koopbis-core';
const WSDL = 'wsdl/BilesikKutukSorgulaKimlikNoServis-2024-04-01.wsdl';
/** KPS account of the Ministry in the sandbox. */
const USER_NAME = 'KRM-100001';

/** The jobs of all three ways; they ask about the same people. */
export async function jobsOf(town: Town, concurrency: number): Promise<(way: Way) => Job> {
  const { sandbox, prepared, layout } = town;
  const { kpsClient } = prepared.certificates;
  const job: Omit<Job, 'way'> = {
    concurrency,
    subjects: subjectsOf(sandbox.people),
    api: {
      url: sandbox.api,
      identity: identityOf(sandbox.ca, sandbox.clients[CLIENT]),
      askers: await askersOf(town),
    },
    kps: {
      stsUrl: sandbox.mocks.sts,
      routingUrl: sandbox.mocks.kps,
      wsdl: join(packageRoot(), WSDL),
      identity: identityOf(sandbox.ca, kpsClient),
      userName: USER_NAME,
      password: readFileSync(join(layout.secrets, 'kps-password-ministry'), 'utf8'),
    },
  };
  return (way) => ({ ...job, way });
}

function identityOf(ca: string, files: { readonly cert: string; readonly key: string }): Identity {
  const text = (file: string) => readFileSync(file, 'utf8');
  return { ca: text(ca), cert: text(files.cert), key: text(files.key) };
}

/** Living citizens recorded in full: the answer about each of them is a match in all three ways. */
function subjectsOf(people: readonly Person[]): Subject[] {
  return people
    .filter(({ kimlikNo, soyad, dogumTarihi, durum }) => {
      return durum === 'açık' && !kimlikNo.startsWith('9') && soyad !== '' && !dogumTarihi.includes('-00');
    })
    .map(({ kimlikNo, ad, soyad, dogumTarihi }) => ({ kimlikNo, ad, soyad, dogumTarihi }));
}

async function askersOf({ sandbox }: Town): Promise<Asker[]> {
  const active = new Set(
    sandbox.cooperatives.filter((one) => one.durum === 'faal').map((one) => one.mersisNo),
  );
  const askers: Asker[] = [];
  for (const person of sandbox.people) {
    if (askers.length === ASKERS) break;
    const seat = person.is.find((value) => value.startsWith('board:'))?.slice('board:'.length);
    if (seat === undefined || !active.has(seat) || person.edevletTotp === null || person.durum !== 'açık')
      continue;
    const accessToken = await signIn(sandbox, person.kimlikNo, { client: CLIENT, stepUp: false });
    askers.push({ accessToken, cooperative: seat });
  }
  if (askers.length === 0) throw new Error('the population has nobody to ask');
  return askers;
}
