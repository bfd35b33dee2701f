import { randomUUID } from 'node:crypto';
import type { DataOf, EntryKind } from '../../../src/audit/catalogue/catalogue.js';
import { draftOf } from '../../../src/audit/draft.js';
import type { PersonalValue, Receipt } from '../../../src/audit/entry.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, Part } from '../../../src/console/frame/parts.js';
import { numberOf } from '../../audit/support/parts.js';
import { intentData } from '../../support/drafts.js';
import type { ConsoleDesk } from '../support/console-desk.js';

/** By what authority tests search, as it is typed. */
export const BASIS = {
  authority: 'Ankara 5. Asliye Ceza Mahkemesi',
  documentNo: '2026/17',
  date: '2026-05-04',
};

/** Writes an entry of `kind` as the bridge would. */
export function write<K extends EntryKind>(
  desk: ConsoleDesk,
  kind: K,
  data: DataOf<K>,
  personal: readonly PersonalValue[] = [],
): Promise<Receipt> {
  return desk.log.appender.submit(plainLane, draftOf(kind, new Date(), data, personal));
}

/** A query with its outcome, as the log holds them. Persons by number. */
export interface TestQuery {
  readonly actor: number;
  readonly subject: number;
  readonly session?: string;
  readonly intent?: Partial<DataOf<'query.intent'>>;
  readonly outcome?: Partial<DataOf<'query.outcome'>> | null;
}

export async function writeQuery(desk: ConsoleDesk, wanted: TestQuery) {
  const query = randomUUID();
  const changes = { query, ...wanted.intent };
  const intent = intentData(
    wanted.session === undefined
      ? changes
      : {
          ...changes,
          actor: {
            acr: 'urn:koopbis:acr:two-step',
            authTime: '2026-05-05T09:00:00.000Z',
            session: wanted.session,
          },
        },
  );
  const persons = [numberOf('actor', wanted.actor), numberOf('subject', wanted.subject)];
  const { leafIndex: leaf } = await write(desk, 'query.intent', intent, persons);
  let outcomeLeaf: bigint | null = null;
  if (wanted.outcome !== null) {
    const written = await write(desk, 'query.outcome', {
      code: null,
      fee: {
        account: 'ticaret',
        amountKurus: 0,
        feeClass: 'outside',
        quarter: '2026-Q2',
        unitPriceKurus: 0,
        units: 1,
      },
      hataKod: null,
      instance: 'test-1',
      intent: Number(leaf),
      messageIds: ['m-1'],
      outcome: 'match',
      query,
      reason: null,
      sent: true,
      sentAt: '2026-05-05T10:00:01.000Z',
      state: 'answered',
      ...wanted.outcome,
    });
    outcomeLeaf = written.leafIndex;
  }
  return { query, leaf, outcomeLeaf };
}

/** An officer of the log who is signed in with the second step. */
export function officerOf(desk: ConsoleDesk, n: number, steppedUp = true): Promise<ConsolePerson> {
  return desk.person(n, [{ role: 'security-officer' }], { steppedUp });
}

/** The first part of a kind. */
export function partOf<P extends Part['part']>(page: Page, part: P): Extract<Part, { part: P }> {
  const found = page.parts.find((one) => one.part === part);
  if (found === undefined) throw new Error(`the page has no ${part}`);
  return found as Extract<Part, { part: P }>;
}

/** Names of the fields that the page says are wrong. */
export function wrongFields(page: Page): readonly string[] {
  return page.parts.flatMap((part) =>
    part.part === 'form'
      ? part.fields.filter(({ error }) => error !== undefined).map(({ name }) => name)
      : [],
  );
}

/** Ids that stand more than once in a page: what is wrong with a field would be told of another. */
export function repeatedIds(html: string): readonly string[] {
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? '');
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}

/** Numbers of the entries in the page's list. */
export function leavesOf(page: Page): readonly string[] {
  return partOf(page, 'table').rows.map(([cell]) => String((cell as { text: string }).text));
}
