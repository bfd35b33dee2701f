import { setTimeout as sleep } from 'node:timers/promises';
import { type Appender, createAppender } from '../../../src/audit/appender.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { istanbulQuarter, previousQuarter, quarterBounds } from '../../../src/calendar/istanbul-day.js';
import type { AccessId } from '../../../src/console/access.js';
import type { QuarterPages } from '../../../src/console/finance/quarters-handlers.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Cell, Page, Part, TablePart } from '../../../src/console/frame/parts.js';
import type { HandlersOf } from '../../../src/console/frame/router.js';
import type { Job, Jobs } from '../../../src/console/jobs/port.js';
import { feeLineApplier } from '../../../src/fees/book/fee-line.js';
import { openQuarters } from '../../../src/house/console/open-quarters.js';
import type { RoomParts } from '../../../src/house/console/parts.js';
import type { Loose } from '../../config/fixture.js';
import { type LineWish, lineLane } from '../../fees/quarter/support/quarter-house.js';
import { ConsoleDesk, pageOf, type TestCall } from '../support/console-desk.js';

/** The quarter that runs, the one before it, and one that is over long enough to be closed, whenever the test runs. */
export const RUNNING = istanbulQuarter(new Date());
export const BEFORE = previousQuarter(RUNNING);
export const CLOSABLE = previousQuarter(BEFORE);

/** A moment in a quarter: `share` of a thousand parts of it. */
export function momentIn(quarter: string, share: number): Date {
  const { from, to } = quarterBounds(quarter);
  return new Date(from.getTime() + Math.floor(((to.getTime() - from.getTime()) * share) / 1000));
}

/** A moment in the quarter that runs, before now. */
export function lately(share: number): Date {
  const from = quarterBounds(RUNNING).from.getTime();
  return new Date(from + Math.floor(((Date.now() - from) * share) / 1000));
}

/** Settings with a second account, that pays. */
export function withBirlik(settings: Loose): void {
  const [first] = settings.accounts;
  settings.accounts.push({
    ...structuredClone(first),
    id: 'birlik',
    institution: 'Örnek Birlik',
    feeClass: 'paying',
    userName: 'KRM-0000002',
    staticIp: '127.0.0.2',
  });
}

/** What was queued for the background. */
export interface Queued {
  readonly what: string;
  readonly order: object;
}

/** The finance officer's pages over a book that tests write lines into. */
export class QuarterDesk {
  readonly queued: Queued[] = [];
  readonly handlers: HandlersOf<QuarterPages>;
  readonly parts: RoomParts;
  private readonly lines: Appender;

  private constructor(readonly desk: ConsoleDesk) {
    const { log, test } = desk;
    const jobs: Jobs = {
      start: async (_officer, what, order) => {
        this.queued.push({ what, order });
        return '00000000-0000-4000-8000-000000000001';
      },
      list: async (): Promise<readonly Job[]> => [],
      find: async () => null,
      file: async () => null,
      cancel: async () => false,
    };
    this.parts = desk.parts({ jobs });
    this.handlers = openQuarters(this.parts).handlers;
    const { masterKeys, tagger } = log;
    this.lines = createAppender(
      { maxBatch: 64, maxQueue: 10_000 },
      {
        ...{ db: test.db, masterKeys, tagger, now: () => new Date(), sleep: (ms: number) => sleep(ms) },
        appliers: new Map([[feeLineApplier.kind, feeLineApplier as EffectApplier]]),
      },
    );
  }

  static async open(change: (settings: Loose) => void = withBirlik): Promise<QuarterDesk> {
    return new QuarterDesk(await ConsoleDesk.open(change));
  }

  async close(): Promise<void> {
    await this.lines.close();
    await this.desk.close();
  }

  book(...wishes: readonly LineWish[]): Promise<readonly string[]> {
    return Promise.all(wishes.map((wish) => this.lines.submit(lineLane, wish)));
  }

  finance(n: number): Promise<ConsolePerson> {
    return this.desk.person(n, [{ role: 'finance' }]);
  }

  ask(id: AccessId & QuarterPages, person: ConsolePerson, wanted: TestCall = {}): Promise<Answer> {
    return this.handlers[id](this.desk.call(id, person, wanted));
  }

  async page(id: AccessId & QuarterPages, person: ConsolePerson, wanted: TestCall = {}): Promise<Page> {
    return pageOf(await this.ask(id, person, wanted));
  }
}

/** Parts of one kind, those inside `more` too. */
export function partsOf<K extends Part['part']>(page: Page, kind: K): readonly Extract<Part, { part: K }>[] {
  const all = (parts: readonly Part[]): readonly Part[] =>
    parts.flatMap((part) => (part.part === 'more' ? [part, ...all(part.parts)] : [part]));
  return all(page.parts).filter((part): part is Extract<Part, { part: K }> => part.part === kind);
}

/** The table whose Turkish caption begins so. */
export function tableOf(page: Page, caption: string): TablePart {
  const charts = partsOf(page, 'chart').map(({ table }) => table);
  const found = [...partsOf(page, 'table'), ...charts].find((one) => shown(one.caption).startsWith(caption));
  if (found === undefined) throw new Error(`no table ${caption}`);
  return found;
}

/** A cell as a person reads it in Turkish. */
export function shown(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if ('tr' in cell) return cell.tr;
  if ('lines' in cell) return cell.lines.map(shown).join(' / ');
  if ('code' in cell) return cell.code;
  if ('button' in cell) return shown(cell.button.text);
  return shown(cell.text);
}

/** `1.234,56 TL` or `1.234` as a whole number: kuruş, or a count. */
export function whole(cell: Cell | undefined): bigint {
  return BigInt(
    shown(cell ?? '')
      .replace(/ TL$/, '')
      .replace(/[.,]/g, ''),
  );
}

/** Column `n` of a table added up, as a person would. */
export function columnSum({ rows }: TablePart, n: number): bigint {
  return rows.reduce((sum, row) => sum + whole(row[n]), 0n);
}

/** Places of the columns with numbers. */
export function numeric({ columns }: TablePart): readonly number[] {
  return columns.flatMap(({ numeric: is }, n) => (is === true ? [n] : []));
}

/** Errors of a page's fields, by name, in Turkish. */
export function errorsOf(page: Page): Readonly<Record<string, string>> {
  const fields = partsOf(page, 'form').flatMap((form) => form.fields);
  return Object.fromEntries(
    fields.flatMap(({ error, name }) => (error === undefined ? [] : [[name, shown(error)]])),
  );
}

/** Where the forms of a page go. */
export function actionsOf(page: Page): readonly string[] {
  return partsOf(page, 'form')
    .filter(({ method }) => method === 'post')
    .map(({ action }) => action);
}
