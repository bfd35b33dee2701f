import type { Appender } from '../audit/appender.js';
import type { MasterKeys } from '../audit/master-keys.js';
import { evaluateSignals } from '../audit/signals/evaluate-signals.js';
import { countOpenSignals } from '../audit/signals/list-signals.js';
import type { SignalRule } from '../audit/signals/rule.js';
import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startChore } from './chore.js';

/** What a look finds does not depend on how often it is made; the shorter the slice since the last one, the less it costs. */
const LOOK_MS = 5_000;

/** Looks at the log by the rules of the settings until it is stopped; safe on all instances at once. */
export function startSignals(
  config: BridgeConfig,
  db: Database,
  log: { readonly appender: Appender; readonly masterKeys: MasterKeys },
  events: Log,
  metrics: Metrics,
): () => Promise<void> {
  const rules = signalRulesOf(config);
  let stopped = false;
  const stop = startChore('signals', LOOK_MS, events, async () => {
    const { appender, masterKeys } = log;
    const tools = { db, appender, masterKeys, instance: config.instance, rules, stopping: () => stopped };
    const look = await evaluateSignals(tools, new Date());
    for (const [rule, count] of look?.raised ?? []) {
      metrics.signalsRaised(rule, count);
      events.warn('signals.raised', { code: rule, count });
    }
    if (look !== null && look.unreadable > 0)
      events.error('signals.user-unreadable', { count: look.unreadable, action: 'run bridge audit check' });
    metrics.signalsOpen(await countOpenSignals(db));
  });
  return async () => {
    stopped = true;
    await stop();
  };
}

/** The rules of the settings, each with what its measure needs; the schema has seen to it. Errors: `CONFIG_INVALID`. */
export function signalRulesOf({ audit: { signals } }: Pick<BridgeConfig, 'audit'>): readonly SignalRule[] {
  return signals.map((rule) => {
    const needed = (name: 'windowMinutes' | 'fromHour' | 'toHour' | 'days' | 'factorPercent') => {
      const value = rule[name];
      if (value === undefined)
        throw new BridgeError('CONFIG_INVALID', `audit.signals: ${rule.code} needs ${name}`);
      return value;
    };
    const { code, measure, threshold } = rule;
    switch (measure) {
      case 'outside-working-hours':
        return { code, measure, threshold, fromHour: needed('fromHour'), toHour: needed('toHour') };
      case 'above-own-habit':
        return { code, measure, threshold, days: needed('days'), factorPercent: needed('factorPercent') };
      default:
        return { code, measure, threshold, windowMinutes: needed('windowMinutes') };
    }
  });
}
