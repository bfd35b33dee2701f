import { randomUUID } from 'node:crypto';
import type { AccessId } from '../../../src/console/access.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { FormPart, Page, Part, TablePart } from '../../../src/console/frame/parts.js';
import type { Handlers } from '../../../src/console/frame/router.js';
import { openSettling } from '../../../src/house/console/open-settling.js';
import type { Loose } from '../../config/fixture.js';
import { ConsoleDesk, pageOf, type TestCall, typed } from '../support/console-desk.js';

export const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
export const VERIFY = 'TumKutukDogrulaServis';
/** The account that pays, with a budget. */
export const ACCOUNT = 'birlik';

const LINE = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose,
    cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  VALUES ($1, 0, '${ACCOUNT}', 'paying', 'core', $5, '2024/04/01', 'uyelik', '0123456789000015', 'Ankara', 'ticaret', 'kooperatif',
    'per-query', decode(repeat('07', 16), 'hex'), $2, '2024-Q1', $3, true, $4::int, 2, 2 * $4::int)`;

/** A line of the book. */
export interface Booked {
  readonly day: string;
  readonly time?: string;
  readonly result?: string;
  readonly units?: number;
  readonly service?: string;
}

/** The pages of settling over a real database, with officers of finance. */
export class SettlingDesk {
  readonly desk: ConsoleDesk;
  readonly handlers: ReturnType<typeof openSettling>['handlers'];
  readonly first: ConsolePerson;
  readonly second: ConsolePerson;

  private constructor(desk: ConsoleDesk, first: ConsolePerson, second: ConsolePerson) {
    this.desk = desk;
    this.handlers = openSettling(desk.parts()).handlers;
    [this.first, this.second] = [first, second];
  }

  static async open(change: (settings: Loose) => void = () => undefined): Promise<SettlingDesk> {
    const desk = await ConsoleDesk.open((settings) => {
      settings.accounts.push({
        ...structuredClone(settings.accounts[0]),
        ...{ id: ACCOUNT, institution: 'Örnek Birlik', feeClass: 'paying', userName: 'KRM-0000002' },
        budget: { quarterKurus: 1000, stopAtPercent: 100 },
      });
      change(settings);
    });
    const roles = [{ role: 'finance' }];
    return new SettlingDesk(desk, await desk.person(1, roles), await desk.person(2, roles));
  }

  close(): Promise<void> {
    return this.desk.close();
  }

  /** Writes ended queries into the book before anything of it was added up. */
  async book(...lines: readonly Booked[]): Promise<void> {
    for (const { day, result = 'match', service = REGISTER, time = '12:00:00', units = 1 } of lines)
      await this.desk.sql(LINE, [randomUUID(), `${day}T${time}+03:00`, result, units, service]);
  }

  go(id: AccessId, call: TestCall = {}, person = this.first): Promise<Answer> {
    const handler = (this.handlers as Partial<Handlers>)[id] as Handlers['home'];
    return handler(this.desk.call(id, person, call));
  }

  async page(id: AccessId, call: TestCall = {}, person = this.first): Promise<Page> {
    return pageOf(await this.go(id, call, person));
  }

  /** Uploads a file for the account and the quarter of the book. */
  upload(
    bytes: Buffer | string,
    values: Readonly<Record<string, string>> = {},
    name = 'nvi.csv',
    person = this.first,
  ): Promise<Answer> {
    const all = { hesap: ACCOUNT, ilk: '2024-01-01', son: '2024-03-31', ...values };
    const file = { field: 'dosya', name, bytes: Buffer.from(bytes) };
    return this.go('reconciliation.upload', { fields: typed(all, file) }, person);
  }

  /** Uploads a good file; what names it in addresses. */
  async look(
    bytes: Buffer | string,
    values: Readonly<Record<string, string>> = {},
    name?: string,
  ): Promise<string> {
    const answer = await this.upload(bytes, values, name);
    if (answer.kind !== 'see-other')
      throw new Error(JSON.stringify(answer.kind === 'page' ? answer.page : null));
    return answer.to.split('/').at(-1) ?? '';
  }

  /** Uploads a good file and takes it in; the import. */
  async takenIn(bytes: string, values: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await this.go('reconciliation.import', {
      params: { look: await this.look(bytes, values) },
    });
    return answer.kind === 'see-other' ? (answer.to.split('/').at(-1) ?? '') : '';
  }

  /** How many rows each table has that the bridge can read. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const tables = await this.desk.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'bridge'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
         AND has_table_privilege(oid, 'SELECT') ORDER BY 1`,
    );
    const counts: [string, number][] = [];
    for (const { name } of tables) {
      const [row] = await this.desk.sql<{ n: bigint }>(`SELECT count(*) AS n FROM bridge."${name}"`);
      counts.push([name, Number(row?.n)]);
    }
    return Object.fromEntries(counts);
  }
}

/** The table of this caption. */
export function tableOf(page: Page, caption: RegExp): TablePart {
  const found = page.parts.find(
    (part): part is TablePart =>
      part.part === 'table' && typeof part.caption !== 'string' && caption.test(part.caption.tr),
  );
  if (found === undefined) throw new Error('no such table');
  return found;
}

/** The form that goes to this address. */
export function formOf(page: Page, action: RegExp): FormPart {
  const found = page.parts.find((part): part is FormPart => part.part === 'form' && action.test(part.action));
  if (found === undefined) throw new Error('no such form');
  return found;
}

/** Errors beside fields, in Turkish. */
export function errorsOf(page: Page): Readonly<Record<string, string>> {
  const fields = page.parts.flatMap((part: Part) => (part.part === 'form' ? part.fields : []));
  return Object.fromEntries(
    fields.flatMap(({ error, name }) =>
      error === undefined ? [] : [[name, typeof error === 'string' ? error : error.tr]],
    ),
  );
}

/** What a form shows in its fields. */
export function valuesOf(form: FormPart): Readonly<Record<string, string>> {
  return Object.fromEntries(
    form.fields.flatMap((field) => ('value' in field ? [[field.name, field.value ?? '']] : [])),
  );
}

/** A cell as a Turkish reader sees it. */
export function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  const one = cell as Readonly<Record<string, unknown>>;
  if ('tr' in one) return String(one.tr);
  if ('lines' in one) return (one.lines as readonly unknown[]).map(textOf).join(' / ');
  if ('code' in one) return String(one.code);
  return textOf(one.text);
}

/** Rows of a table as a Turkish reader sees them. */
export function rowsOf({ rows }: Pick<TablePart, 'rows'>): readonly (readonly string[])[] {
  return rows.map((row) => row.map(textOf));
}

/** Facts of a page. */
export function factsOf(page: Page): Readonly<Record<string, string>> {
  return Object.fromEntries(
    page.parts.flatMap((part) =>
      part.part === 'facts' ? part.rows.map(({ label, value }) => [textOf(label), textOf(value)]) : [],
    ),
  );
}
