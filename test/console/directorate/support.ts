import { randomUUID } from 'node:crypto';
import { appointmentPlace } from '../../../src/appointments/appointment-rows.js';
import { draftOf } from '../../../src/audit/draft.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import type { CooperativeReading, SeatReading } from '../../../src/authority/recording/reading.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Part } from '../../../src/console/frame/parts.js';
import { openAppointments } from '../../../src/house/appointments/open-appointments.js';
import { recordPortsOf } from '../../../src/house/authority/record-ports.js';
import { openArea } from '../../../src/house/console/open-area.js';
import { NO_MAINTENANCE } from '../../../src/maintenance/known-windows.js';
import type { Refreshed } from '../../../src/mersis/refresh.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { cooperativeReading, recordReadings, seatReading } from '../../support/authority.js';
import { ConsoleDesk } from '../support/console-desk.js';

export const OWN = '0123456789000015';
/** The same ministry in another il; another ministry in the own il; a number that nobody knows. */
export const [FAR, OTHER_MINISTRY, UNKNOWN] = ['0123456789000023', '0123456789000031', '0999999999000018'];
/** People of the tests: a board, somebody to be appointed, desks. */
export const [BOARD, SECOND, SUBJECT, DESK, FAR_DESK, CENTRAL, NOBODY] = [1, 2, 3, 4, 5, 6, 7] as const;
const DAY_MS = 86_400_000;

/** A day so many days from now. */
export const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** The pages of a directorate over a real database and log. */
export class AreaDesk {
  readonly desk: ConsoleDesk;
  readonly handlers: ReturnType<typeof openArea>['handlers'];
  /** What an immediate reading comes to. */
  refresh: (mersisNo: string) => Promise<Refreshed> = async (mersisNo) => ({
    ...{ mersisNo, result: 'unchanged', readAt: new Date() },
  });

  private constructor(desk: ConsoleDesk) {
    this.desk = desk;
    const parts = desk.parts();
    const { config, log } = desk;
    const appointments = openAppointments({
      ...{ config, log, gate: parts.gate, maintenance: NO_MAINTENANCE, mersis: null },
      verify: async () => {
        throw new Error('nobody is checked here');
      },
      disagreed: () => undefined,
    });
    const rights = {
      desk: {
        decide: appointments.decideAtDesk,
        refresh: (_officer: unknown, mersisNo: string) => this.refresh(mersisNo),
      },
    };
    this.handlers = openArea(desk.parts({ rights: rights as never })).handlers;
  }

  static async open(): Promise<AreaDesk> {
    return new AreaDesk(await ConsoleDesk.open());
  }

  close(): Promise<void> {
    return this.desk.close();
  }

  /** Desks of Ticaret in Ankara and in İzmir, its unit in the capital, somebody of nothing. */
  async people(): Promise<Readonly<Record<'own' | 'far' | 'central' | 'nobody', ConsolePerson>>> {
    const { desk } = this;
    const directorate = (il: string) => [{ role: 'directorate', ministry: 'ticaret', il }];
    return {
      own: await desk.person(DESK, directorate('Ankara')),
      far: await desk.person(FAR_DESK, directorate('İzmir')),
      central: await desk.person(CENTRAL, [{ role: 'ministry-central', ministry: 'ticaret' }]),
      nobody: await desk.person(NOBODY, [{ role: 'finance' }]),
    };
  }

  seat(n: number, changes: Partial<SeatReading> = {}): SeatReading {
    return seatReading(this.desk.log.tagger, personOf(n), changes);
  }

  tag(n: number): Buffer {
    return this.desk.log.tagger.tag('authority', personOf(n));
  }

  /** A reading of MERSİS, taken in as it is. */
  async read(
    mersisNo: string,
    changes: Partial<CooperativeReading> = {},
    readAt = new Date(),
  ): Promise<void> {
    const { config, log, test } = this.desk;
    const seats = [this.seat(BOARD), this.seat(SECOND)];
    const reading = cooperativeReading(mersisNo, { seats, ...changes });
    await recordReadings(log.appender, test.db, recordPortsOf(config, log), [reading], readAt);
  }

  /** The cooperatives that most tests begin with. */
  async world(): Promise<void> {
    await this.read(OWN);
    await this.read(FAR, { il: 'İzmir', seats: [] });
    await this.read(OTHER_MINISTRY, { ilgiliBakanlik: 'tarim', tur: 'Sulama', seats: [] });
  }

  /** The entry of an application, as it would stand had it been for these values. */
  async appliedEntry(
    id: string,
    asked: { readonly vkn: string; readonly startsOn: string; readonly endsOn: string | null },
  ): Promise<void> {
    const { log } = this.desk;
    const actor = {
      acr: 'urn:koopbis:acr:two-step',
      authTime: '2026-05-05T09:00:00.000Z',
      session: randomUUID(),
    };
    const data = {
      ...{ actor, appointment: id, client: 'koopbis', cooperative: OWN, instance: 'bridge-1' },
      ...{ decisionDate: day(-1), decisionNo: '2026/7', documentSha256: 'ab'.repeat(32) },
      ...{ query: randomUUID(), seat: randomUUID(), ...asked },
    };
    const personal = [numberOf('actor', BOARD), numberOf('subject', SUBJECT)];
    const { leafIndex } = await log.appender.submit(
      plainLane,
      draftOf('appointment.applied', new Date(), data, personal),
    );
    await this.desk.sql('UPDATE bridge.appointment SET applied_leaf = $2 WHERE appointment_id = $1', [
      id,
      leafIndex,
    ]);
  }

  /** An application of the board for SUBJECT, as it waits. */
  async applied(
    changes: { mersisNo?: string; vkn?: string; subject?: number; applicant?: number } = {},
  ): Promise<string> {
    const { mersisNo = OWN, vkn = mersisNo.slice(1, 11), subject = SUBJECT, applicant = BOARD } = changes;
    const id = randomUUID();
    const { masterKeys } = this.desk.log;
    const [seat] = await this.desk.sql<{ id: string }>(
      'SELECT seat_id AS id FROM bridge.authority_seat WHERE mersis_no = $1 AND person_tag = $2',
      [mersisNo, this.tag(applicant)],
    );
    await this.desk.sql(
      `INSERT INTO bridge.appointment (appointment_id, mersis_no, person_tag, person_box, master_key_id, applicant_tag, applicant_seat,
         decision_no, decision_date, document_sha256, vkn, starts_on, query_id, applied_at, applied_leaf)
       VALUES ($1, $2, $3, $4, $5, $6, $7, '2026/7', $8, $9, $10, $8, $11, now(), 1)`,
      [
        ...[id, mersisNo, this.tag(subject)],
        ...[masterKeys.wrap(Buffer.from(digitsOf(subject)), appointmentPlace(id)), masterKeys.activeId],
        ...[this.tag(applicant), seat?.id ?? randomUUID(), day(-1), 'ab'.repeat(32), vkn, randomUUID()],
      ],
    );
    return id;
  }
}

/** Parts of a page, those inside `more` among them. */
export function partsOf(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => (part.part === 'more' ? [part, ...partsOf(part.parts)] : [part]));
}

/** The rows of the table with this Turkish caption. */
export function rowsOf(parts: readonly Part[], caption: string) {
  const table = partsOf(parts).find(
    (part) => part.part === 'table' && typeof part.caption === 'object' && part.caption.tr === caption,
  );
  if (table?.part !== 'table') throw new Error(`no table ${caption}`);
  return table.rows;
}
