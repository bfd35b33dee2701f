import type { KpsEvent } from '../kps/events.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';

/** A person should look long before the five minutes that the provider allows (facts/kps.md §5.3). */
const SKEW_ALARM_S = 60;

/** Tells log and metrics what happens on the way to KPS. */
export function observeKps(log: Log, metrics: Metrics): (event: KpsEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'call-finished':
        metrics.kpsCallFinished({ service: event.service, kind: event.kind, ms: event.ms });
        if (event.reason !== null)
          log.warn('kps.call-failed', { service: event.service, kind: event.kind, reason: event.reason });
        break;
      case 'token-renewed':
        metrics.stsTokenFinished({ account: event.account, result: 'renewed', ms: event.ms });
        break;
      case 'token-refused':
        metrics.stsTokenFinished({ account: event.account, result: event.problem, ms: event.ms });
        log.warn('sts.token-refused', { account: event.account, reason: event.problem });
        break;
      case 'breaker-opened':
        metrics.breakerChanged({ account: event.account, open: true });
        log.error('sts.password-refused', {
          account: event.account,
          action: 'check the password with NVİ, then restart',
        });
        break;
      case 'clock-skew':
        metrics.clockSkew({ clock: 'kps', seconds: event.seconds });
        if (Math.abs(event.seconds) >= SKEW_ALARM_S) log.warn('kps.clock-skew', { skewS: event.seconds });
        break;
      case 'question-refused':
        log.error('kps.question-refused', { reason: event.what });
        break;
    }
  };
}
