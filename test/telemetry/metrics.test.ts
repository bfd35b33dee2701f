import { describe, expect, it } from '@jest/globals';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js';

const make = () =>
  createMetrics({
    routes: ['/v1/identity/verifications', '/v1/identity/verifications/{id}'],
    problemCodes: ['RATE_LIMITED'],
    services: ['TumKutukDogrulaServis'],
    accounts: ['ticaret'],
    signalRules: ['many-people', 'off-hours'],
    signInResults: ['opened', 'TWO_STEP_REQUIRED'],
  });

const body = async (metrics: Metrics) => (await metrics.text()).body;
const REGISTRY = {
  due: 7,
  troubled: 2,
  held: 1,
  oldestSeconds: 60,
  budgetUsed: 500,
  budgetLimit: 120_000,
  runStopped: false,
  paused: null as string | null,
  leads: true,
};
const ROUTE = '/v1/identity/verifications';

describe('metrics', () => {
  it('count requests by route template, method, status and problem code', async () => {
    const metrics = make();
    metrics.requestStarted();
    metrics.requestStarted();
    metrics.requestFinished({ route: ROUTE, method: 'POST', status: 429, code: 'RATE_LIMITED', ms: 12 });
    const text = await body(metrics);
    expect(text).toContain(
      `bridge_http_requests_total{route="${ROUTE}",method="POST",status="429",code="RATE_LIMITED"} 1`,
    );
    expect(text).toContain('bridge_http_requests_in_flight 1');
    expect(text).toContain(`bridge_http_request_seconds_sum{route="${ROUTE}"} 0.012`);
  });

  it('give no label a value that is not known beforehand', async () => {
    const metrics = make();
    for (let index = 0; index < 500; index += 1) {
      const strange = `x${index}-12345678901`;
      metrics.requestStarted();
      metrics.requestFinished({
        route: `/v1/people/${strange}`,
        method: strange,
        status: 1000 + index,
        code: strange,
        ms: 1,
      });
      metrics.kpsCallFinished({ service: strange, kind: strange, ms: 1 });
      metrics.stsTokenFinished({ account: strange, result: strange, ms: 1 });
      metrics.breakerChanged({ account: strange, open: true });
      metrics.clockSkew({ clock: strange, seconds: 1 });
      metrics.signInEnded(strange);
      metrics.mersisRead(strange, 1);
      metrics.mersisState({ ...REGISTRY, paused: strange });
    }
    const text = await body(metrics);
    expect(text).not.toContain('12345678901');
    expect(text).toContain(
      'bridge_http_requests_total{route="other",method="other",status="other",code="other"} 500',
    );
    expect(text).toContain('bridge_kps_calls_total{service="other",kind="other"} 500');
    expect(text).toContain('bridge_sts_tokens_total{account="other",result="other"} 500');
    expect(text).toContain('bridge_sign_ins_total{result="other"} 500');
    expect(text).toContain('bridge_mersis_reads_total{result="other"} 500');
    expect(text.split('\n').length).toBeLessThan(300);
  });

  it('count sign-ins by how they end, and show each end before its first one', async () => {
    const metrics = make();
    metrics.signInEnded('TWO_STEP_REQUIRED');
    metrics.signInEnded('TWO_STEP_REQUIRED');
    const text = await body(metrics);
    expect(text).toContain('bridge_sign_ins_total{result="TWO_STEP_REQUIRED"} 2');
    expect(text).toContain('bridge_sign_ins_total{result="opened"} 0');
  });

  it('know names of the language no better than any other', async () => {
    const metrics = make();
    metrics.kpsCallFinished({ service: '__proto__', kind: 'constructor', ms: 1 });
    expect(await body(metrics)).toContain('bridge_kps_calls_total{service="other",kind="other"} 1');
  });

  it('show calls, tokens, breakers, batches, queue, open intents and clocks', async () => {
    const metrics = make();
    metrics.kpsCallFinished({ service: 'TumKutukDogrulaServis', kind: 'not-confirmed', ms: 100 });
    metrics.stsTokenFinished({ account: 'ticaret', result: 'renewed', ms: 50 });
    metrics.breakerChanged({ account: 'ticaret', open: true });
    metrics.breakerChanged({ account: 'ticaret', open: false });
    metrics.auditBatch({ entries: 64, ms: 4, ok: true });
    metrics.auditBatch({ entries: 1, ms: 4, ok: false });
    metrics.auditQueue(9);
    metrics.intentsOpen(3);
    metrics.clockSkew({ clock: 'sts', seconds: -2.5 });
    const text = await body(metrics);
    for (const line of [
      'bridge_kps_calls_total{service="TumKutukDogrulaServis",kind="not-confirmed"} 1',
      'bridge_sts_tokens_total{account="ticaret",result="renewed"} 1',
      'bridge_kps_breaker_open{account="ticaret"} 0',
      'bridge_audit_batch_entries_sum 65',
      'bridge_audit_batch_failures_total 1',
      'bridge_audit_queue_entries 9',
      'bridge_intents_open 3',
      'bridge_clock_skew_seconds{clock="sts"} -2.5',
    ]) {
      expect(text).toContain(line);
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'take no measure of %d, and do not throw',
    async (value) => {
      const metrics = make();
      metrics.kpsCallFinished({ service: 'TumKutukDogrulaServis', kind: 'record', ms: value });
      metrics.auditBatch({ entries: value, ms: value, ok: true });
      metrics.auditQueue(value);
      metrics.intentsOpen(value);
      const text = await body(metrics);
      expect(text).toContain('bridge_audit_batch_seconds_count 0');
      expect(text).toContain('bridge_audit_queue_entries 0');
      expect(text).not.toMatch(/NaN|Infinity\n| -1\n/);
    },
  );

  it('count signals by the rules of the settings, each there before its first, and show the open ones', async () => {
    const metrics = make();
    expect(await body(metrics)).toContain('bridge_signals_raised_total{rule="off-hours"} 0');
    metrics.signalsRaised('many-people', 2);
    metrics.signalsRaised('12345678901', 1);
    metrics.signalsOpen(4);
    const text = await body(metrics);
    for (const line of [
      'bridge_signals_raised_total{rule="many-people"} 2',
      'bridge_signals_raised_total{rule="other"} 1',
      'bridge_signals_open 4',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('12345678901');
  });

  it('tell how reading the registry stands: what waits, how old, what is spent, and why it does not go on', async () => {
    const metrics = make();
    expect(await body(metrics)).toContain('bridge_mersis_reads_total{result="refused"} 0');
    metrics.mersisRead('read', 3);
    metrics.mersisState({ ...REGISTRY, runStopped: true, paused: 'refused' });
    metrics.disagreements(4);
    const text = await body(metrics);
    for (const line of [
      'bridge_mersis_reads_total{result="read"} 3',
      'bridge_mersis_due 7',
      'bridge_mersis_troubled 2',
      'bridge_mersis_held 1',
      'bridge_mersis_oldest_reading_seconds 60',
      'bridge_mersis_budget_used 500',
      'bridge_mersis_budget_limit 120000',
      'bridge_mersis_run_stopped 1',
      'bridge_mersis_leads 1',
      'bridge_mersis_paused{reason="refused"} 1',
      'bridge_mersis_paused{reason="unavailable"} 0',
      'bridge_authority_disagreements 4',
    ])
      expect(text).toContain(line);
    metrics.mersisState({ ...REGISTRY, oldestSeconds: null, leads: false });
    const after = await body(metrics);
    for (const line of [
      'bridge_mersis_oldest_reading_seconds 60',
      'bridge_mersis_run_stopped 0',
      'bridge_mersis_leads 0',
      'bridge_mersis_paused{reason="refused"} 0',
    ])
      expect(after).toContain(line);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'keep what they knew of the registry when they are handed %d',
    async (value) => {
      const metrics = make();
      metrics.mersisState(REGISTRY);
      metrics.disagreements(4);
      metrics.mersisRead('read', value);
      metrics.mersisState({
        ...REGISTRY,
        ...{ due: value, troubled: value, held: value, oldestSeconds: value },
        ...{ budgetUsed: value, budgetLimit: value },
      });
      metrics.disagreements(value);
      const text = await body(metrics);
      for (const line of [
        'bridge_mersis_reads_total{result="read"} 0',
        'bridge_mersis_due 7',
        'bridge_mersis_oldest_reading_seconds 60',
        'bridge_mersis_budget_used 500',
        'bridge_authority_disagreements 4',
      ])
        expect(text).toContain(line);
    },
  );

  it('of two bridges in one process are kept apart', async () => {
    const [one, other] = [make(), make()];
    one.intentsOpen(5);
    expect(await body(other)).toContain('bridge_intents_open 0');
  });

  it('tell how the log stands in public: what is signed, since when, and what is wrong', async () => {
    const metrics = make();
    const log = {
      size: 12,
      checkpointSize: 10,
      secondsSinceSigned: 0.5,
      witnessMissing: true,
      inconsistent: true,
    };
    metrics.auditPublished(log);
    const text = await body(metrics);
    for (const line of [
      'bridge_log_size_entries 12',
      'bridge_log_checkpoint_size_entries 10',
      'bridge_log_seconds_since_signed 0.5',
      'bridge_log_witness_missing 1',
      'bridge_log_inconsistent 1',
    ])
      expect(text).toContain(line);
    metrics.auditPublished({ ...log, secondsSinceSigned: null, witnessMissing: false, inconsistent: false });
    expect(await body(metrics)).toContain('bridge_log_witness_missing 0');
    expect(await body(metrics)).toContain('bridge_log_seconds_since_signed 0.5');
    expect(await body(metrics)).toContain('bridge_log_inconsistent 0');
  });

  it('shows how long the log has been without a time stamp, and what is left of the budget', async () => {
    const metrics = make();
    metrics.timestamped({ secondsUnstamped: 7_200, outage: true, secondsLeft: 79_200 });
    const text = await body(metrics);
    for (const line of [
      'bridge_log_seconds_unstamped 7200',
      'bridge_log_timestamp_budget_seconds 79200',
      'bridge_log_timestamp_outage 1',
    ])
      expect(text).toContain(line);
    metrics.timestamped({ secondsUnstamped: Number.NaN, outage: false, secondsLeft: 86_400 });
    expect(await body(metrics)).toContain('bridge_log_seconds_unstamped 7200');
    expect(await body(metrics)).toContain('bridge_log_timestamp_outage 0');
  });
});
