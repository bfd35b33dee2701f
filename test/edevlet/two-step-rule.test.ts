import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { edevletSchema } from '../../src/config/schema/edevlet.js';
import { judgeTwoStep, type Strength, type TwoStepRule } from '../../src/edevlet/two-step-rule.js';

const { twoStep: RULE } = edevletSchema.parse({ clientId: 'x', clientSecret: { env: 'UNUSED' } });
const AFTER = new Date('2026-01-15T12:00:00Z');
const level = (value: string | null) => ({ level: value, amr: [] });
const amr = (...values: string[]) => ({ level: null, amr: values });
const rule = (levels: readonly Strength[], changes: Partial<TwoStepRule> = {}): TwoStepRule => ({
  ...RULE,
  levels,
  ...changes,
});
const OTP: Strength = { amr: ['pwd', 'otp'], method: 'password+second-step', twoStep: 'yes', reason: 'r' };

describe('the two-step rule', () => {
  it.each([
    ['1', 'password', 'no'],
    ['2', 'password+second-step', 'yes'],
    ['3', 'mobile-signature', 'yes'],
    ['4', 'e-signature', 'yes'],
    ['5', 'id-card', 'yes'],
    ['6', 'bank', 'no'],
  ])('takes level %s as %s, two steps: %s, as the settings come', (value, method, twoStep) => {
    const judged = twoStep === 'yes' ? 'two-step' : 'no-two-step-refused';
    expect(judgeTwoStep(RULE, level(value), AFTER)).toEqual({
      method,
      twoStep,
      judged,
      inForceFrom: '2025-07-31',
    });
  });

  it('comes with six rows, each marked as not yet confirmed by e-Devlet', () => {
    expect(RULE.levels.map((row) => row.level)).toEqual(['1', '2', '3', '4', '5', '6']);
    for (const row of RULE.levels) expect(row.reason).toMatch(/^To be confirmed in writing with e-Devlet: /);
  });

  it.each([null, '', '0', '7', '02', '2 ', ' 2', '２', '2.0', 'iki', 'constructor'])(
    'refuses the level %j, which has no row, as unknown',
    (value) => {
      expect(judgeTwoStep(RULE, level(value), AFTER)).toMatchObject({
        method: 'unknown',
        twoStep: 'unknown',
        judged: 'no-two-step-refused',
      });
    },
  );

  it('refuses from 00:00 of the day in Istanbul on, and not a millisecond before', () => {
    const judgedAt = (at: string) => judgeTwoStep(RULE, level('1'), new Date(at)).judged;
    expect(judgedAt('2025-07-30T23:59:59.999+03:00')).toBe('no-two-step-before-rule');
    expect(judgedAt('2025-07-31T00:00:00.000+03:00')).toBe('no-two-step-refused');
  });

  it('warns from the day of the announcement in Istanbul on, until the rule is in force', () => {
    const announced = { ...RULE, announcedFrom: '2025-07-29' };
    const judgedAt = (at: string, value: string | null = '1') =>
      judgeTwoStep(announced, level(value), new Date(at)).judged;
    expect(judgedAt('2025-07-28T23:59:59.999+03:00')).toBe('no-two-step-before-rule');
    expect(judgedAt('2025-07-29T00:00:00.000+03:00')).toBe('no-two-step-announced');
    expect(judgedAt('2025-07-30T23:59:59.999+03:00', null)).toBe('no-two-step-announced');
    expect(judgedAt('2025-07-31T00:00:00.000+03:00')).toBe('no-two-step-refused');
    expect(judgedAt('2025-07-28T12:00:00+03:00', '2')).toBe('two-step');
  });

  it('takes a row by amr only where every one of its values came', () => {
    const byAmr = rule([OTP]);
    expect(judgeTwoStep(byAmr, amr('otp', 'pwd', 'mfa'), AFTER).judged).toBe('two-step');
    for (const less of [amr(), amr('otp'), amr('pwd'), amr('OTP', 'pwd')]) {
      expect(judgeTwoStep(byAmr, less, AFTER).twoStep).toBe('unknown');
    }
  });

  it('asks for everything that a row names, and fits no row that names nothing', () => {
    const both = rule([{ ...OTP, level: '2' }]);
    expect(judgeTwoStep(both, { level: '2', amr: [] }, AFTER).twoStep).toBe('unknown');
    expect(judgeTwoStep(both, { level: '2', amr: ['pwd', 'otp'] }, AFTER).twoStep).toBe('yes');
    const { amr: _amr, ...nothing } = OTP;
    for (const row of [nothing, { ...nothing, amr: [] }]) {
      expect(judgeTwoStep(rule([row]), { level: '2', amr: ['pwd'] }, AFTER).twoStep).toBe('unknown');
    }
  });

  it('lets the first row that fits count', () => {
    const no: Strength = { level: '2', method: 'password', twoStep: 'no', reason: 'r' };
    expect(judgeTwoStep(rule([no, { ...no, twoStep: 'yes' }]), level('2'), AFTER).twoStep).toBe('no');
  });

  it('never says yes to a level that no row says yes to', () => {
    const yes = RULE.levels.filter((row) => row.twoStep === 'yes').map((row) => row.level);
    const values = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.integer().map(String),
      fc.constantFrom(null, ...yes),
    );
    fc.assert(
      fc.property(values, fc.array(fc.string()), fc.date({ noInvalidDate: true }), (value, others, at) => {
        const judged = judgeTwoStep(RULE, { level: value ?? null, amr: others }, at);
        const expected = value !== null && yes.includes(value ?? undefined);
        expect(judged.twoStep === 'yes').toBe(expected);
        expect(judged.judged === 'two-step').toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
