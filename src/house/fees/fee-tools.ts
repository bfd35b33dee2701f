import { KPS_VERSIONS } from '../../config/schema/kps-services.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { LiftTools } from '../../fees/ahead/propose-lift.js';
import type { TariffTools } from '../../fees/tariff/switch-terms.js';
import type { PricedService } from '../../fees/tariff/tariff.js';
import type { DeedPorts } from '../../proposals/officer.js';

type Settings = Pick<BridgeConfig, 'accounts' | 'fees'>;

/** What decisions about the tariff are made with. */
export function tariffTools(config: Settings, ports: DeedPorts): TariffTools {
  const { inputs, proposalHours: hours, tariff } = config.fees;
  return { tariff, inputs, agreed: agreedServices(config), hours, ports };
}

/** What decisions about the stop of a budget are made with. */
export function liftTools({ accounts, fees }: Settings, ports: DeedPorts): LiftTools {
  return { accounts, hours: fees.proposalHours, ports };
}

/** Every version of every service that an account's agreement names. */
function agreedServices({ accounts }: Pick<Settings, 'accounts'>): readonly PricedService[] {
  const names = new Set(accounts.flatMap(({ agreement }) => agreement.services));
  return [...names].flatMap((name) => KPS_VERSIONS[name].map((version) => ({ name, version })));
}
