import { FEE_APPLIERS } from '../../src/fees/appliers.js';
import type { CloseTools, QuarterSettings } from '../../src/fees/quarter/close-tools.js';
import { decideQuarter } from '../../src/fees/quarter/decide.js';
import { type Frozen, freezeQuarter } from '../../src/fees/quarter/freeze.js';
import { sealQuarter } from '../../src/fees/quarter/seal.js';
import type { FeeClass } from '../../src/fees/tariff/tariff.js';
import type { Verdict } from '../../src/proposals/verdict.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import type { Database } from '../../src/storage/database.js';
import { QUARTER } from './book-size.js';
import { citizens, openLog, PORTS, signInOfficer } from './officers.js';

/** Officers and log of one book, ready to close its quarter. Times in ms. */
export interface Closing {
  /** Freezes the quarter and opens it again by the second person's refusal; how long freezing took. */
  freezeAndReopen(): Promise<number>;
  /** Freezes, approves and seals: the whole close, once. */
  close(): Promise<{ readonly freezeMs: number; readonly approveMs: number; readonly sealMs: number }>;
  end(): Promise<void>;
}

const account = (id: string, institution: string, feeClass: FeeClass) => ({
  id,
  institution,
  feeClass,
  agreement: {
    services: ['BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'],
    validFrom: '2024-01-01',
    validUntil: '2029-12-31',
  },
});

/** As the settings have them. */
export const SETTINGS: QuarterSettings = {
  accounts: [account('ticaret', 'Ticaret Bakanlığı', 'outside'), account('birlik', 'Örnek Birlik', 'paying')],
  inputs: [
    { service: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01', inputs: 2 },
    { service: 'TumKutukDogrulaServis', version: '2025/08/01', inputs: 4 },
  ],
  collectHours: 24,
  holidays: [],
};

const TOOLS: CloseTools = {
  ports: PORTS,
  proposalHours: 72,
  settings: SETTINGS,
};

/** Signs two officers in. The book is filled and folded. */
export async function openClosing(db: Database): Promise<Closing> {
  const log = openLog(db, [...FEE_APPLIERS, openSessionApplier] as typeof FEE_APPLIERS);
  const [first, second] = citizens('finance', 2);
  if (first === undefined || second === undefined) throw new Error('no officers');
  const [one, other] = [await signInOfficer(log, db, first), await signInOfficer(log, db, second)];
  const freeze = async (): Promise<{ frozen: Frozen; ms: number }> => {
    const { ms, value } = await timed(() =>
      freezeQuarter(log, TOOLS, { quarter: QUARTER, reason: null, officer: one }),
    );
    return { frozen: doneOf(value), ms };
  };
  const decide = async ({ proposal }: Frozen, decision: 'approved' | 'refused'): Promise<number> => {
    const order = { quarter: QUARTER, proposal, decision, reason: null, officer: other } as const;
    const { ms, value } = await timed(() => decideQuarter(log, TOOLS, order));
    doneOf(value);
    return ms;
  };
  return {
    freezeAndReopen: async () => {
      const { frozen, ms } = await freeze();
      await decide(frozen, 'refused');
      return ms;
    },
    close: async () => {
      const { frozen, ms: freezeMs } = await freeze();
      const approveMs = await decide(frozen, 'approved');
      const { ms: sealMs, value } = await timed(() =>
        sealQuarter(log, TOOLS, { quarter: QUARTER, officer: other }),
      );
      doneOf(value);
      return { freezeMs, approveMs, sealMs };
    },
    end: () => log.close(),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

function doneOf<T>(verdict: Verdict<T>): T {
  if (verdict.kind === 'refused') throw new Error(`closing was refused: ${verdict.message}`);
  return verdict.value;
}
