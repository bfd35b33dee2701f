import type { PollEvent } from '../../mersis/poll/poller.js';
import type { Log } from '../../telemetry/log.js';
import type { MersisMetrics } from './metrics.js';

/** Tells log and metrics of what polling does; no number of a cooperative with it. What needs persons is an error. */
export function observePoll(
  told: Log,
  metrics: Pick<MersisMetrics, 'mersisRead'>,
): (event: PollEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'run-started':
        return told.info('mersis.run-started', { id: event.runId });
      case 'run-ended': {
        const { asked, failed, runId } = event.run;
        if (failed > 0) told.warn('mersis.run-had-failures', { id: runId, count: failed });
        return told.info('mersis.run-ended', { id: runId, count: asked });
      }
      case 'run-stopped':
        return told.error('mersis.run-stopped', { id: event.runId, action: 'bridge mersis review' });
      case 'paused': {
        const level = event.reason === 'refused' ? 'error' : 'warn';
        return told[level]('mersis.paused', { reason: event.reason, to: event.until.toISOString() });
      }
      case 'answered-again':
        return told.info('mersis.answered-again');
      default:
        for (const [result, count] of Object.entries(event.counts)) metrics.mersisRead(result, count);
    }
  };
}
