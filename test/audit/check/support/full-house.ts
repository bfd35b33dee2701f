import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAppointments } from '../../../../src/appointments/check-appointments.js';
import { checkDisagreements } from '../../../../src/appointments/disagreements/check-disagreements.js';
import { type Appender, createAppender } from '../../../../src/audit/appender.js';
import type { DataOf } from '../../../../src/audit/catalogue/catalogue.js';
import { checkData, kindRow } from '../../../../src/audit/catalogue/check-data.js';
import { type CheckDeps, type CheckReport, checkLog } from '../../../../src/audit/check/check-log.js';
import { createPublisher, type KnowingPublisher } from '../../../../src/audit/checkpoint/publisher.js';
import { draftOf } from '../../../../src/audit/draft.js';
import type { ExportDeps } from '../../../../src/audit/export/export-deps.js';
import type { EffectApplier } from '../../../../src/audit/lane.js';
import { createSigner, type NoteSigner } from '../../../../src/audit/note/note.js';
import { plainLane } from '../../../../src/audit/plain-lane.js';
import { checkHolds } from '../../../../src/audit/retention/check-holds.js';
import { indexUpToHead } from '../../../../src/audit/search/index-entries.js';
import { readCaCertificates } from '../../../../src/audit/timestamp/chain.js';
import type { Stamper } from '../../../../src/audit/timestamp/stamp.js';
import { insertTimestamp } from '../../../../src/audit/timestamp/store.js';
import { AUTHORITY_APPLIERS } from '../../../../src/authority/appliers.js';
import { checkHistory } from '../../../../src/authority/check-history.js';
import { recordRoles } from '../../../../src/authority/record-roles.js';
import type { CooperativeReading, SeatReading } from '../../../../src/authority/recording/reading.js';
import { BridgeError } from '../../../../src/errors/bridge-error.js';
import { FEE_APPLIERS } from '../../../../src/fees/appliers.js';
import { FEE_CHECKS } from '../../../../src/fees/check/fee-checks.js';
import { checkWindows } from '../../../../src/maintenance/check-windows.js';
import type { KimlikNo } from '../../../../src/person/kimlik-no.js';
import { checkProposers } from '../../../../src/proposals/check-proposers.js';
import { endSessionApplier } from '../../../../src/sign-in/end-session.js';
import { openSessionApplier } from '../../../../src/sign-in/open-session.js';
import { withConnection } from '../../../../src/storage/single-connection.js';
import { checkBook } from '../../../../src/verification/check-book.js';
import { checkQueries } from '../../../../src/verification/check-queries.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../../../support/authority.js';
import { TEST_POOL } from '../../../support/database.js';
import { signInForTest } from '../../../support/sign-in.js';
import { type House, type Instance, openHouse, someone } from '../../../verification/support/house.js';
import { CLIENT, digitsOf, MERSIS, RULES, TARIFF } from '../../../verification/support/parts.js';
import { type Issued, issue, pemOf, TIME_STAMPING } from '../../../verifier/support/authority.js';
import { timeStamp } from '../../../verifier/support/token.js';
import { masterKeys, tagger } from '../../support/parts.js';

export const ORIGIN = 'log.example/test';

/** A log with everything in it, written through the real lanes, that can be exported and checked. */
export interface FullHouse {
  readonly house: House;
  readonly bridge: Instance;
  readonly log: Appender;
  readonly signer: NoteSigner;
  readonly tsa: Issued;
  readonly publisher: KnowingPublisher;
  readonly exports: ExportDeps;
  readonly folder: string;
  readonly witnessFile: string;
  /** While false no authority gives a time stamp. */
  stamping: boolean;
  /** The board member who asks. */
  readonly asker: KimlikNo;
  readonly token: string;
  /** A question about citizen number `n`; gives its end. */
  ask(
    n: number,
    options?: { readonly token?: string; readonly key?: string; readonly purpose?: string },
  ): Promise<string>;
  start(instance?: string): Promise<void>;
  signIn(who: KimlikNo): Promise<{ readonly token: string; readonly session: string }>;
  /** Publishes, stamps, and brings the search rows up to the head. */
  settle(): Promise<void>;
  stampNow(): Promise<void>;
  check(changes?: Partial<CheckDeps>): Promise<CheckReport>;
  /** SQL as superuser, triggers and rights notwithstanding. */
  tamper(sql: string): Promise<void>;
  rows<R extends object>(sql: string): Promise<R[]>;
  queries(): Promise<string[]>;
  close(): Promise<void>;
}

/** As the command holds entries against the catalogue. */
export function fitsCatalogue(kind: string, data: unknown, sealed: readonly string[]): string | null {
  try {
    checkData(kind, data);
  } catch (error) {
    return (error as Error).message;
  }
  return sealed.every((field) => Object.hasOwn(kindRow(kind)?.sealed ?? {}, field)) ? null : 'sealed field';
}

export function newSigner(): NoteSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  return createSigner(ORIGIN, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
}

export function reading(seats: CooperativeReading['seats'], changes = {}): CooperativeReading {
  return cooperativeReading(MERSIS, { seats, ...changes });
}

export function seatOf(who: KimlikNo): SeatReading {
  return seatReading(tagger, who, {
    startsOn: '2024-01-01',
    endsOn: '2028-01-01',
    registeredOn: '2024-01-05',
  });
}

function startedData(instance: string): DataOf<'bridge.started'> {
  return {
    changes: [],
    checkpointOrigin: ORIGIN,
    configHash: '0'.repeat(64),
    environment: 'development',
    host: 'h',
    instance,
    node: 'v20',
    osUser: 'u',
    tariff: TARIFF.map(({ amountKurus, basis, from, gazette }) => {
      return { active: true, amountKurus, basis, from, gazette };
    }),
    version: '1',
  };
}

const APPLIERS = [
  openSessionApplier,
  endSessionApplier,
  ...AUTHORITY_APPLIERS,
  ...FEE_APPLIERS,
] as readonly EffectApplier[];
export const PORTS = portsOf({ masterKeys, tagger });

export async function openFullHouse(): Promise<FullHouse> {
  const house = await openHouse();
  const { db } = house.test;
  const bridge = house.instance();
  const now = () => house.now;
  const log = createAppender(
    { maxBatch: 64, maxQueue: 1000 },
    {
      db,
      masterKeys,
      tagger,
      appliers: new Map(APPLIERS.map((one) => [one.kind, one])),
      now,
      sleep: (ms) => sleep(ms),
    },
  );
  const folder = mkdtempSync(join(tmpdir(), 'bridge-full-'));
  const witnessFile = join(folder, 'kept', 'checkpoint');
  const signer = newSigner();
  const publisher = createPublisher({ db, signer, oldKeys: [], origin: ORIGIN, witnessFile, now });
  const root = await issue({ name: 'Test TSA Root', ca: true });
  const tsa = await issue({ name: 'Test TSA', issuer: root, purposes: [TIME_STAMPING] });
  const stamper: Stamper = {
    stamp: async ({ origin, size, note }) => {
      if (!full.stamping) throw new BridgeError('TIMESTAMP_UNAVAILABLE', 'none');
      // Whole seconds, and not before the last entry.
      const genTime = new Date(Math.ceil(house.now.getTime() / 1000) * 1000);
      const response = await timeStamp(Buffer.from(note), {
        signer: tsa,
        certificates: [tsa],
        genTime: genTime.toISOString(),
      });
      return insertTimestamp(db, { origin, size, authority: 'test', response, genTime, receivedAt: genTime });
    },
  };
  const exports: ExportDeps = {
    db,
    publisher,
    stamper,
    origin: ORIGIN,
    verifierKeys: [signer.key.text],
    tsaCa: pemOf(root),
    now,
    sleep: (ms) => sleep(ms),
  };
  const asker = someone(1);
  const signIn: FullHouse['signIn'] = async (who) => {
    const lasting = { lifetimeS: 86_400 * 400, tokenLifetimeS: 86_400 * 400 };
    const { accessToken: token, sessionId: session } = await signInForTest(
      { log, masterKeys, tagger, db },
      { person: who, client: CLIENT.id, now: house.now, ...lasting },
    );
    return { token, session };
  };
  const start = async (instance = RULES.instance) =>
    void (await log.submit(plainLane, draftOf('bridge.started', house.now, startedData(instance))));
  await start();
  await recordReadings(log, db, PORTS, [reading([seatOf(asker)])], house.now);
  const { token } = await signIn(asker);
  const full: FullHouse = {
    house,
    bridge,
    log,
    signer,
    tsa,
    publisher,
    exports,
    folder,
    witnessFile,
    stamping: true,
    asker,
    token,
    ask: (n, { token: by = token, key, purpose = 'ortak-kayit' } = {}) => {
      const subject = { kimlikNo: digitsOf(String(700_000_000 + n)) };
      return bridge.ask({ token: by, question: { purpose, subject }, ...(key === undefined ? {} : { key }) });
    },
    start,
    signIn,
    settle: async () => {
      await indexUpToHead(db);
      await full.stampNow();
    },
    stampNow: async () => {
      const checkpoint = await publisher.publish();
      if (checkpoint !== null) await stamper.stamp(checkpoint);
    },
    check: (changes = {}) =>
      checkLog({
        db,
        masterKeys,
        origin: ORIGIN,
        keys: [signer.key],
        ca: readCaCertificates(pemOf(root)),
        readWitness: async () => readFileSync(witnessFile, 'utf8'),
        fitsCatalogue,
        beside: [
          checkBook,
          ...FEE_CHECKS,
          checkQueries,
          (tx) => checkHistory(tx, { masterKeys, taggers: [tagger], ...changes }),
          (tx) => checkAppointments(tx, { masterKeys, taggers: [tagger] }),
          checkDisagreements,
          checkWindows,
          (tx) => checkProposers(tx, { masterKeys, taggers: [tagger] }),
          checkHolds,
        ],
        progress: () => undefined,
        ...changes,
      }),
    tamper: (sql) =>
      withConnection({ url: house.test.adminUrl, ...TEST_POOL }, async (ask) => {
        await ask('SET session_replication_role = replica');
        await ask(sql);
      }),
    rows: (sql) => house.rows(sql),
    queries: async () =>
      (
        await house.rows<{ id: string }>(
          'SELECT query_id AS id FROM bridge.identity_query ORDER BY intent_leaf',
        )
      ).map(({ id }) => id),
    close: async () => {
      await log.close();
      await house.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return full;
}

/** Gives a person a role of the ministry that rests on no single cooperative. */
export async function grantRole(full: FullHouse, who: KimlikNo, roleId: string): Promise<void> {
  const tag = tagger.tag('authority', who);
  const role = { roleId, role: 'directorate', ministry: 'ticaret', il: 'Ankara', person: who, tag } as const;
  const given = { roles: [role], people: new Map(), source: 'registry', readAt: full.house.now };
  await recordRoles(full.log, given, PORTS);
}
