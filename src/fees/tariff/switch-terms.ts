import { z } from 'zod';
import type { JsonObject } from '../../audit/canonical-json.js';
import type { DeedPorts } from '../../proposals/officer.js';
import type { Proposal } from '../../proposals/proposal.js';
import type { PricedService, ServiceInputs, TariffRow } from './tariff.js';

/** What the tariff's decisions are made with. `tariff`, `inputs`: of the settings; `agreed`: what the accounts' agreements name. */
export interface TariffTools {
  readonly tariff: readonly TariffRow[];
  readonly inputs: readonly ServiceInputs[];
  readonly agreed: readonly PricedService[];
  /** How long a proposal waits for the second person. */
  readonly hours: number;
  readonly ports: DeedPorts;
}

const termsSchema = z.strictObject({
  row: z.strictObject({
    id: z.string(),
    from: z.iso.date(),
    amountKurus: z.int().min(0),
    basis: z.enum(['per-query', 'per-input-datum', 'per-returned-record']),
    service: z.string().nullable(),
    gazette: z.string(),
  }),
  from: z.iso.date(),
  inputs: z.array(z.strictObject({ service: z.string(), version: z.string(), inputs: z.int().min(1) })),
});

/**
 * What is proposed: the row as the settings had it, from which day on, and the input data that its price rests on. Whole, so that settings
 * that were edited between proposal and approval are noticed.
 */
export type SwitchTerms = z.output<typeof termsSchema>;

export function switchTerms(row: TariffRow, from: string, inputs: readonly ServiceInputs[]): SwitchTerms {
  const { amountKurus, basis, from: gazetteDay, gazette, id, service } = row;
  return {
    row: { id, from: gazetteDay, amountKurus, basis, service, gazette },
    from,
    inputs: inputs.map((one) => ({ service: one.service, version: one.version, inputs: one.inputs })),
  };
}

/** The terms as JSON for the proposal's row. */
export function termsJson(terms: SwitchTerms): JsonObject {
  return { ...terms };
}

/** The terms of a proposal about the tariff; null where they are none: no bridge wrote the row so. */
export function termsOf({ terms }: Pick<Proposal, 'terms'>): SwitchTerms | null {
  return termsSchema.safeParse(terms).data ?? null;
}
