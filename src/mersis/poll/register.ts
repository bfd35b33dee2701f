import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { PersonalValue } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';

/** A list of cooperatives, and who brings it. */
export interface Registering {
  /** Of legal persons, each once. */
  readonly mersisNos: readonly string[];
  /** Null where the sandbox brings it. */
  readonly by: {
    readonly actor: { readonly acr: string; readonly authTime: string; readonly session: string };
    readonly personal: PersonalValue;
  } | null;
  readonly fileSha256: string | null;
  readonly osUser: string;
}

/** What it came to. */
export interface Registered {
  readonly added: number;
  readonly known: number;
  readonly leafIndex: bigint;
}

/** Cooperatives that are polled from now on. */
export interface RegisteredCooperatives extends Effect {
  readonly kind: 'mersis-registered';
  readonly mersisNos: readonly string[];
  readonly at: Date;
}

const PATIENCE_MS = 30_000;
const LEGAL_PERSON = /^0[0-9]{15}$/;
const KNOWN = 'SELECT mersis_no FROM bridge.mersis_cooperative WHERE mersis_no = ANY($1::text[])';

const registerLane: Lane<Registering, Registered> = {
  name: '6-mersis-register',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    const settled: Settled<Registered>[] = [];
    for (const { by, fileSha256, mersisNos, osUser } of items) {
      const { rows } = await tx.query<{ mersis_no: string }>({ text: KNOWN, values: [mersisNos] });
      const known = new Set(rows.map((row) => row.mersis_no));
      const added = mersisNos.filter((one) => !known.has(one)).sort();
      const data = { actor: by?.actor ?? null, added: added.length, fileSha256, osUser };
      const personal = by === null ? [] : [by.personal];
      const effect: RegisteredCooperatives = { kind: 'mersis-registered', mersisNos: added, at: now };
      settled.push({
        entries: [draftOf('mersis.registered', now, data, personal)],
        effects: added.length === 0 ? [] : [effect],
        answer: ([receipt]) => ({
          added: added.length,
          known: known.size,
          leafIndex: receipt?.leafIndex ?? -1n,
        }),
      });
    }
    return settled;
  },
};

/**
 * Takes cooperatives up that are polled from now on: all of them or none, with one `mersis.registered`. Known ones stay as they are. Errors:
 * `RangeError`, without the number, where one is no legal person's; those of `Appender`. `log` needs `POLL_APPLIERS`.
 */
export async function registerCooperatives(log: Appender, registering: Registering): Promise<Registered> {
  if (!registering.mersisNos.every((one) => LEGAL_PERSON.test(one)))
    throw new RangeError('a MERSİS number of a legal person is needed');
  return log.submit(registerLane, registering);
}

const INSERT = `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at)
  SELECT n, $2, $2 FROM unnest($1::text[]) AS n ORDER BY n ON CONFLICT (mersis_no) DO NOTHING`;

/** Writes the rows; one that came meanwhile by another way stays as it is. */
export const registerApplier: EffectApplier<RegisteredCooperatives> = {
  kind: 'mersis-registered',
  apply: async (tx, placed) => {
    for (const { effect } of placed) await tx.query({ text: INSERT, values: [effect.mersisNos, effect.at] });
  },
};
