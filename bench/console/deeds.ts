import { setTimeout as sleep } from 'node:timers/promises';
import { createRaiseLane, type Raised } from '../../src/audit/signals/raise-lane.js';
import type { Finding } from '../../src/audit/signals/rule.js';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { Database } from '../../src/storage/database.js';
import { citizens, KEYS } from '../fees/officers.js';
import { ask, type Filled, send } from './browser.js';
import type { ServedConsole } from './serve-console.js';

/** What is done through the console before its pages are measured, where `previous` is the quarter that ended last. */
export interface DeedsWish {
  readonly db: Database;
  readonly served: ServedConsole;
  readonly previous: string;
}

const SIGNALS_EACH = 6;
const ACTORS = 50;
const DECIDED = 150;
const HOLDS = 60;
const PROPOSALS = 25;
const AT_ONCE = 16;
const FILES = 28;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WORK_MS = 600_000;
const SERVICES = ['BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'];
const WHY = 'ölçüm';

/** The address of a page or an action. */
export function pathOf(id: AccessId, params: Readonly<Record<string, string>> = {}): string {
  return ACCESS[id].path.replace(/:(\w+)/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`nothing is known for :${name} of ${id}`);
    return value;
  });
}

/** Raises signals by their own lane, and decides on half of them by the form. */
export async function raiseSignals({ db, served }: DeedsWish): Promise<void> {
  const { appender } = served;
  const lane = createRaiseLane({ masterKeys: KEYS.masterKeys, instance: 'bench' });
  const findings: Finding[] = [];
  for (const [n, actor] of citizens('actors', ACTORS).entries()) {
    const actorTag = KEYS.tagger.tag('log.actor', actor);
    // The newest ones were really made; in copies nobody's number opens.
    const { rows } = await db.query<{ leaf: bigint }>({
      text: 'SELECT leaf_index AS leaf FROM bridge.log_tag WHERE tag = $1 ORDER BY leaf_index DESC LIMIT 1',
      values: [actorTag],
    });
    for (let i = 0; i < SIGNALS_EACH; i += 1) {
      const windowStart = new Date(Date.now() - (n + 2) * HOUR_MS - (SIGNALS_EACH - i) * 2 * DAY_MS);
      const rule = {
        code: 'cok-kisi',
        measure: 'people-asked-about',
        threshold: 50,
        windowMinutes: 60,
      } as const;
      findings.push({
        ...{ rule, actorTag, entryLeaf: rows[0]?.leaf ?? 0n, measured: 50 + i, threshold: 50 },
        ...{ windowStart, windowEnd: new Date(windowStart.getTime() + HOUR_MS) },
      });
    }
  }
  const raised: readonly Raised[] = await Promise.all(findings.map((one) => appender.submit(lane, one)));
  const missing = raised.filter((one) => one !== 'raised').length;
  if (missing > 0) throw new Error(`${missing} signals were not raised`);
  const { rows } = await db.query<{ id: string }>({
    text: 'SELECT signal_id AS id FROM bridge.signal ORDER BY raised_leaf LIMIT $1',
    values: [DECIDED],
  });
  await each(rows, ({ id }, n) => {
    const decision = ['justified', 'reported', 'false-alarm'][n % 3] as string;
    return send(served, pathOf('signal.decide', { signal: id }), { fields: { decision, note: WHY } });
  });
}

/** Places holds, proposes to lift some and to destroy. */
export async function holdAndDestroy({ db, served }: DeedsWish): Promise<void> {
  const subjects = citizens('subjects', 2_000).map((one) => one.reveal());
  const paper = { authority: 'Mahkeme', date: '2026-03-02', reason: WHY, yearFrom: '2026', yearTo: '2026' };
  const some = subjects.slice(0, HOLDS);
  await each(some, (person, n) =>
    send(served, pathOf('retention.hold'), { fields: { ...paper, person, number: `2026/${n}` } }),
  );
  const { rows } = await db.query<{ id: string }>({
    text: 'SELECT hold_id AS id FROM bridge.legal_hold ORDER BY placed_leaf LIMIT $1',
    values: [PROPOSALS],
  });
  await each(rows, ({ id }) =>
    send(served, pathOf('retention.lift', { hold: id }), { fields: { reason: WHY } }, 'second'),
  );
  await each(subjects.slice(HOLDS, HOLDS + PROPOSALS), (person, n) => {
    const fields = { ...paper, person, number: `2026/${n}`, authority: 'court', side: 'both' };
    return send(served, pathOf('retention.destroy'), { fields }, 'second');
  });
}

/** Proposes roles that two persons grant, a row of the tariff, the end of a stop, and the statement of the quarter that has ended. */
export async function propose({ served, previous }: DeedsWish): Promise<void> {
  await each(citizens('granted', PROPOSALS), (person) => {
    const fields = { rol: 'security-officer', kimlikNo: person.reveal(), neden: WHY };
    return send(served, pathOf('roles.grant'), { fields }, 'second');
  });
  const gerekce = WHY;
  await send(served, pathOf('quarter.freeze', { quarter: previous }), { fields: { gerekce } }, 'second');
  const lift = { hesap: 'birlik', nasil: 'pay', yuzde: '150', gerekce };
  await send(served, pathOf('budget.lift'), { fields: lift }, 'second');
}

/** What the Interior Ministry says: notices, payments, letters, figures by day and service of a year, and by nothing of small ones. */
export async function recordFigures({ db, served, previous }: DeedsWish): Promise<void> {
  const today = istanbulDay(new Date());
  for (let n = 0; n < 3; n += 1) {
    const notice = {
      ...{ 'bildirim-hesap': 'birlik', 'bildirim-no': `N-${n}`, 'bildirim-gun': today },
      ...{ 'bildirim-sorgu': '1000', 'bildirim-tutar': '20,00' },
    };
    await send(served, pathOf('quarter.notice', { quarter: previous }), { fields: notice });
  }
  const { rows } = await db.query<{ id: string }>({
    text: 'SELECT notice_id AS id FROM bridge.fee_notice ORDER BY leaf DESC LIMIT 1',
  });
  const payment = {
    ...{ 'odeme-bildirim': rows[0]?.id ?? '', 'odeme-dekont': 'D-1', 'odeme-gun': today },
    'odeme-tutar': '20,00',
  };
  await send(served, pathOf('quarter.payment', { quarter: previous }), { fields: payment });
  await takeIn(served, await upload(served, yearOfFigures(today, 3), today));
  await each(Array.from({ length: FILES }), async (_none, n) =>
    takeIn(served, await upload(served, `Adet\n${n}\n`, today)),
  );
}

/** A file of a year, to be looked at and not taken in. A session keeps its last two hundred looks: whoever wants to see one sends it. */
export function fileOfYear(): Filled {
  const today = istanbulDay(new Date());
  return figuresForm(yearOfFigures(today, 4), today);
}

/** Announces times of maintenance of the weeks to come. */
export async function announce({ served }: DeedsWish): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    const day = addDays(istanbulDay(new Date()), 2 + n);
    const fields = {
      ...{ sistem: n % 2 === 0 ? 'kps' : 'mersis', neden: WHY },
      ...{ bas: `${day}T02:00`, son: `${day}T04:00` },
    };
    await send(served, pathOf('maintenance.open'), { fields });
  }
}

/** Asks for a file and has it made; the job whose file is there. */
export async function makeFiles({ served, previous }: DeedsWish): Promise<string> {
  const users = { fields: { kapsam: 'kullanicilar', bicim: 'csv' } };
  const file = await send(served, pathOf('quarter.export', { quarter: previous }), users);
  const stop = served.work();
  try {
    await finished(served, file);
  } finally {
    await stop();
  }
  return lastOf(file);
}

async function finished(served: ServedConsole, path: string): Promise<void> {
  const end = performance.now() + WORK_MS;
  const address = path.split('?')[0] ?? path;
  while (performance.now() < end) {
    const { text } = await ask(served, address);
    if (text.includes(`${address}/dosya`)) return;
    if (!text.includes('<progress')) throw new Error(`${address} has failed`);
    await sleep(100);
  }
  throw new Error(`${address} has not ended`);
}

/** Figures of the year before `today` by day and service. */
function yearOfFigures(today: string, queries: number): string {
  const lines = Array.from({ length: 365 }, (_, n) => addDays(today, n - 365)).flatMap((day) =>
    SERVICES.map((service) => `${day.split('-').reverse().join('.')};${service};${queries};0,0${queries}`),
  );
  return `Tarih;Hizmet;Adet;Tutar\n${lines.join('\n')}\n`;
}

function upload(served: ServedConsole, text: string, today: string): Promise<string> {
  return send(served, pathOf('reconciliation.upload'), figuresForm(text, today));
}

function figuresForm(text: string, today: string): Filled {
  return {
    fields: { hesap: 'birlik', ilk: addDays(today, -365), son: addDays(today, -1) },
    file: { field: 'dosya', name: 'nvi.csv', text },
  };
}

function takeIn(served: ServedConsole, preview: string): Promise<string> {
  return send(served, preview, { fields: {} });
}

/** The last segment of an address, without its query. */
function lastOf(path: string): string {
  return path.split('?')[0]?.split('/').at(-1) ?? '';
}

/** Several at once, as long as something is left. */
async function each<T>(all: readonly T[], work: (one: T, n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < all.length; n = next++) await work(all[n] as T, n);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
