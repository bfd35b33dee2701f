import { describe, expect, it } from '@jest/globals';
import { signalMeasure } from '../../../src/audit/catalogue/signals.js';
import { signalsSchema } from '../../../src/config/schema/signals.js';
import type { BridgeConfig } from '../../../src/config/schema.js';
import { signalRulesOf } from '../../../src/house/open-signals.js';

const parse = (signals: unknown) => signalsSchema.safeParse(signals);
const faultsOf = (signals: unknown) =>
  parse(signals).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
const hours = { code: 'late', measure: 'outside-working-hours', threshold: 3, fromHour: 7, toHour: 20 };

describe('rules of the settings', () => {
  it('as they come are one for each measure that there is, each with what it needs and nothing else', () => {
    const rules = signalRulesOf({ audit: { signals: signalsSchema.parse(undefined) } } as BridgeConfig);
    expect(rules.map(({ measure }) => measure).sort()).toEqual([...signalMeasure.options].sort());
    for (const rule of rules) {
      const known = parse([rule]);
      expect([rule.code, known.error]).toEqual([rule.code, undefined]);
      expect(known.data?.[0]).toEqual(rule);
    }
  });

  it('may have hours to the end of the day', () => {
    expect(parse([{ ...hours, fromHour: 0, toHour: 24 }]).success).toBe(true);
  });

  it.each([
    [20, 7],
    [9, 9],
  ])('with hours from %d to %d are refused: they would leave no working hour', (fromHour, toHour) => {
    expect(faultsOf([{ ...hours, fromHour, toHour }])).toEqual(['0.toHour: must be after fromHour']);
  });

  it('that lack what their measure needs, or have what it has no use for, are refused', () => {
    const { toHour: _, ...lacking } = hours;
    expect(faultsOf([lacking])).toEqual(['0.toHour: is required for the measure outside-working-hours']);
    expect(faultsOf([{ ...hours, windowMinutes: 5 }])).toEqual([
      '0.windowMinutes: has no use for the measure outside-working-hours',
    ]);
  });
});
