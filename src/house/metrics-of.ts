import { PROBLEMS } from '../api/problem-texts.js';
import type { BridgeConfig } from '../config/schema.js';
import { ACCESS } from '../console/access.js';
import { SIGN_IN_CODES } from '../errors/sign-in-code.js';
import { createMetrics, type Metrics } from '../telemetry/metrics.js';

/** Calls about rights, as the router names them. */
const ROUTES_OF_RIGHTS = [
  '/access/v1/evaluation',
  '/access/v1/evaluations',
  '/.well-known/authzen-configuration',
  '/v1/authority-events',
  '/v1/authority-events/snapshot',
  '/v1/appointments',
  '/v1/appointments/:id/decision',
  '/v1/cooperatives/:mersisNo/refresh',
  '/v1/cooperatives/:mersisNo/authorities',
  '/v1/registry/verifications',
];

/** Calls about the fee book, as the router names them. */
const ROUTES_OF_FEES = [
  '/v1/fees/quarters/:quarter',
  '/v1/fees/quarters/:quarter.csv',
  '/v1/fees/quarters/:quarter.xlsx',
  '/v1/fees/quarters/:quarter.pdf',
  '/v1/fees/usage',
];

/** The metrics of a bridge on these settings: every value that a label may take is known. */
export function metricsOf(config: BridgeConfig): Metrics {
  return createMetrics({
    routes: [
      '/v1/identity/verifications',
      '/v1/identity/verifications/:id',
      '/v1/audit/searches',
      '/oidc',
      ...ROUTES_OF_RIGHTS,
      ...ROUTES_OF_FEES,
      ...Object.keys(ACCESS).map((page) => `console:${page}`),
      '/openapi.json',
      '/docs',
    ],
    problemCodes: Object.keys(PROBLEMS),
    services: [config.kps.service.name],
    accounts: config.accounts.map((account) => account.id),
    signalRules: config.audit.signals.map((rule) => rule.code),
    signInResults: ['opened', ...SIGN_IN_CODES],
    processMetrics: true,
  });
}
