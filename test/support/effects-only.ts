import type { Appender } from '../../src/audit/appender.js';
import type { EffectApplier, Lane } from '../../src/audit/lane.js';
import type { Database } from '../../src/storage/database.js';

/** A log that writes nothing down and applies effects all the same: for tests that count entries of other kinds. */
export function effectsOnly(db: Database, appliers: readonly EffectApplier[], now: () => Date): Appender {
  const receipt = { leafIndex: -1n, leafHash: Buffer.alloc(32), at: new Date(0) };
  return {
    submit: <I, R>(lane: Lane<I, R>, item: I) =>
      db.transaction(async (tx) => {
        const [settled] = await lane.settle(tx, [item], now());
        if (settled === undefined) throw new Error('the lane settled nothing');
        for (const effect of settled.effects) {
          const applier = appliers.find(({ kind }) => kind === effect.kind);
          if (applier === undefined) throw new Error(`nobody applies ${effect.kind}`);
          await applier.apply(tx, [{ effect, receipt, leafOf: () => receipt.leafIndex }]);
        }
        return settled.answer(settled.entries.map(() => receipt));
      }),
    close: async () => undefined,
  };
}
