import type { BridgeConfig } from '../../config/schema.js';
import type { Upstream } from '../../edevlet/port.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { KpsEvent } from '../../kps/events.js';
import type { MersisFault, MersisSource } from '../../mersis/port.js';
import type { SystemHealth } from '../../telemetry/system-health.js';

/** Names of every system that the settings have us ask. */
export function systemsOf(config: BridgeConfig): readonly string[] {
  return [
    ...config.accounts.flatMap(({ id }) => [`kps:${id}`, `sts:${id}`]),
    ...(config.edevlet === undefined ? [] : ['e-devlet']),
    ...(config.mersis === undefined ? [] : ['mersis']),
    ...config.audit.timestamps.authorities.map(({ id }) => `tsa:${id}`),
  ];
}

/** Tells what happens on the way to KPS. */
export function watchKps(health: SystemHealth): (event: KpsEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'call-finished':
        // Refused by its services, too, is an answer. What never left says nothing of them, unless it was they who took no connection.
        if (event.kind === 'unknown' || event.reason === 'connection-refused')
          health.failed(`kps:${event.account}`, event.reason ?? 'unknown', event.ms);
        else if (event.kind !== 'not-sent') health.answered(`kps:${event.account}`, event.ms);
        break;
      case 'token-renewed':
        health.answered(`sts:${event.account}`, event.ms);
        break;
      case 'token-refused':
        health.failed(`sts:${event.account}`, event.problem, event.ms);
        break;
      case 'breaker-opened':
        health.stopped(`sts:${event.account}`, 'password-refused');
        break;
      default:
        break;
    }
  };
}

/** The same source, its readings told. */
export function watchedSource(source: MersisSource, health: SystemHealth, now: () => Date): MersisSource {
  return {
    close: () => source.close(),
    read: async (question) => {
      const begun = now().getTime();
      const reply = await source.read(question);
      const ms = now().getTime() - begun;
      if (reply.kind === 'fault') health.failed('mersis', wordOf(reply.fault), ms);
      else health.answered('mersis', ms);
      return reply;
    },
  };
}

function wordOf(fault: MersisFault): string {
  if (fault.kind === 'unavailable') return fault.cause;
  return fault.kind === 'invalid' ? fault.problem : fault.kind;
}

/** The same upstream, its answers told. What a person did wrong or left is no fault of the system. */
export function watchedUpstream(upstream: Upstream, health: SystemHealth, now: () => Date): Upstream {
  return {
    profile: upstream.profile,
    begin: (options) => upstream.begin(options),
    finish: async (search, state, kept) => {
      const begun = now().getTime();
      const took = () => now().getTime() - begun;
      try {
        const named = await upstream.finish(search, state, kept);
        health.answered('e-devlet', took());
        return named;
      } catch (error) {
        if (isBridgeError(error, 'UPSTREAM_UNAVAILABLE')) health.failed('e-devlet', 'unavailable', took());
        if (isBridgeError(error, 'UPSTREAM_ANSWER_INVALID'))
          health.failed('e-devlet', 'answer-invalid', took());
        throw error;
      }
    },
  };
}
