import type { BridgeConfig } from '../../config/schema.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { MersisConfig } from '../../house/mersis/poll-settings.js';

/** Officers who may have MERSİS read and say what is polled. */
export const MERSIS_OFFICERS = ['administrator', 'security-officer'] as const;

/** The settings of MERSİS. `CONFIG_INVALID` where there are none. */
export function mersisOf(config: BridgeConfig): MersisConfig {
  if (config.mersis === undefined)
    throw new BridgeError('CONFIG_INVALID', 'mersis: the settings name no MERSİS');
  return config.mersis;
}
