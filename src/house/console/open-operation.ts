import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages = 'operation' | 'maintenance' | 'maintenance.open' | 'maintenance.close';

/** The pages of this part of the console, joined from the rooms. */
export function openOperation(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return { handlers: notBuilt(['operation', 'maintenance', 'maintenance.open', 'maintenance.close']) };
}
