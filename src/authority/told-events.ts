import type { DataOf } from '../audit/catalogue/catalogue.js';
import type { ReadEntry } from '../audit/check/line-check.js';
import { holderOf, type ToldHolder } from './check-holders.js';

/** An entry on which events can rest. `cooperative` null: it is about roles. */
export interface Ground {
  readonly at: number;
  readonly cooperative: string | null;
  /** What a turn of the day names and no event was found for yet; null for every other entry. */
  readonly turned: { readonly granted: Set<string>; readonly lost: Set<string> } | null;
}

/** What the entries said of a role; days where persons decided them. */
interface EventRole {
  readonly granted: bigint;
  readonly revoked: bigint | null;
  readonly holder: ToldHolder;
  readonly role: string;
  readonly ministry: string | null;
  readonly il: string | null;
  readonly mersisNo: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** What events are held against. */
export interface ToldGrounds {
  /** Grounds in front of this leaf have no event that is kept; null: none has. */
  readonly from: bigint | null;
  readonly grounds: Map<bigint, Ground>;
  readonly roles: Map<string, EventRole>;
}

/** Takes an entry in that brings events; others it leaves alone. */
export function rememberGround(entry: ReadEntry, { from, grounds, roles }: ToldGrounds): void {
  rememberEventRole(entry, roles);
  if (from === null || entry.leaf < from) return;
  const { kind, leaf } = entry;
  const at = Date.parse(entry.at);
  if (kind === 'authority.recorded') {
    const { cooperative } = entry.data as unknown as DataOf<'authority.recorded'>;
    grounds.set(leaf, { at, cooperative, turned: null });
  } else if (kind === 'authority.turned') {
    const { cooperative, started, ended } = entry.data as unknown as DataOf<'authority.turned'>;
    grounds.set(leaf, {
      at,
      cooperative,
      turned: { granted: new Set(started), lost: new Set(ended) },
    });
  } else if (kind === 'role.granted' || kind === 'role.revoked') {
    grounds.set(leaf, { at, cooperative: null, turned: null });
  }
}

function rememberEventRole({ kind, leaf, id, data, sealed }: ReadEntry, roles: ToldGrounds['roles']): void {
  if (kind === 'role.granted') {
    const { il, ministry, role, roleId } = data as unknown as DataOf<'role.granted'>;
    const holder = { leaf, entryId: id, number: holderOf(sealed) };
    const unbound = { mersisNo: null, from: null, to: null };
    roles.set(roleId, { granted: leaf, revoked: null, holder, role, ministry, il, ...unbound });
  } else if (kind === 'role.revoked') {
    const { roleId } = data as unknown as DataOf<'role.revoked'>;
    const known = roles.get(roleId);
    if (known !== undefined) roles.set(roleId, { ...known, revoked: leaf });
  } else if (kind === 'role.decided') {
    const { cooperative, decision, from, roleId, to } = data as unknown as DataOf<'role.decided'>;
    const known = roles.get(roleId);
    if (decision === 'granted' && known !== undefined)
      roles.set(roleId, { ...known, mersisNo: cooperative, from, to });
  }
}
