import { createHash } from 'node:crypto';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { FoundDifference } from '../audit/check/difference.js';
import type { ReadEntry } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import {
  type HeldRole,
  type HolderKeys,
  holderOf,
  requireHolders,
  type ToldHolder,
} from './check-holders.js';
import { DECISION } from './record-roles.js';

/** What the log said of one role: its grant, and the decision behind it. A digest of all that decides, and where it stands. */
interface Granted {
  readonly leaf: bigint;
  readonly digest: string;
  readonly source: string;
  readonly holder: ToldHolder;
  /** Null for roles that no person decided. */
  readonly decided: { readonly leaf: bigint; readonly digest: string; readonly holder: ToldHolder } | null;
}

interface RoleRow {
  role_id: string;
  person_tag: Buffer;
  role: string;
  ministry: string | null;
  il: string | null;
  source: string;
  mersis_no: string | null;
  starts_on: string | null;
  ends_on: string | null;
}

/** What the entries told of roles, by role. */
export type ToldRoles = Map<string, Granted | 'revoked'>;

const ROLES = `SELECT role_id, person_tag, role, ministry, il, source, mersis_no, starts_on::text AS starts_on,
    ends_on::text AS ends_on
  FROM bridge.authority_role WHERE role_id > $1 ORDER BY role_id LIMIT 1000`;
const UNBOUND = digestOf([null, null, null]);

/** Takes an entry about a role in; others it leaves alone. */
export function rememberRole({ kind, leaf, id, data, sealed }: ReadEntry, told: ToldRoles): void {
  const holder = { leaf, entryId: id, number: holderOf(sealed) };
  if (kind === 'role.revoked') {
    told.set((data as unknown as DataOf<'role.revoked'>).roleId, 'revoked');
  } else if (kind === 'role.granted') {
    const { il, ministry, role, roleId, source } = data as unknown as DataOf<'role.granted'>;
    const digest = digestOf([role, ministry, il, source]);
    told.set(roleId, { leaf, digest, source, holder, decided: null });
  } else if (kind === 'role.decided') {
    const { cooperative, decision, from, roleId, to } = data as unknown as DataOf<'role.decided'>;
    const granted = told.get(roleId);
    if (decision === 'revoked' || granted === undefined || granted === 'revoked') return;
    told.set(roleId, { ...granted, decided: { leaf, digest: digestOf([cooperative, from, to]), holder } });
  }
}

/**
 * Every row of a role is what its grant says, and, where persons decided, what their decision says: role, scope, source, cooperative
 * and days, and the person. Returns how many there are, of how many only detached ranges can tell (`isWhole` false), and how many
 * holders could not be compared. Throws `FoundDifference`.
 */
export async function holdRoles(
  tx: Transaction,
  check: string,
  keys: HolderKeys,
  told: ToldRoles,
  isWhole: boolean,
): Promise<{ count: number; unknown: number; closed: number }> {
  const counts = { count: 0, unknown: 0, closed: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await tx.query<RoleRow>({ text: ROLES, values: [after] });
    const held: HeldRole[] = [];
    for (const row of rows) {
      const entry = told.get(row.role_id);
      told.delete(row.role_id);
      counts.count += 1;
      if (entry === undefined && !isWhole) counts.unknown += 1;
      else held.push(requireRole(check, row, entry, isWhole));
    }
    counts.closed += await requireHolders(tx, check, keys, held);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.role_id;
  }
  for (const [role, entry] of told) {
    if (entry !== 'revoked')
      throw new FoundDifference(check, `role ${role} is gone, and no entry revokes it`, entry.leaf);
  }
  return counts;
}

function requireRole(
  check: string,
  row: RoleRow,
  entry: Granted | 'revoked' | undefined,
  isWhole: boolean,
): HeldRole {
  const { role_id: roleId, person_tag: tag, role, ministry, il, source } = row;
  if (entry === undefined || entry === 'revoked')
    throw new FoundDifference(check, `role ${roleId} is held, and no entry grants it`);
  if (entry.digest !== digestOf([role, ministry, il, source]))
    throw new FoundDifference(check, `role ${roleId} is not what was granted`, entry.leaf);
  const { decided } = entry;
  const isTold = decided !== null || entry.source !== DECISION;
  // The two entries stand beside each other, but a detached range may begin between them.
  if (!isTold && isWhole)
    throw new FoundDifference(check, `no entry tells who decided on role ${roleId}`, entry.leaf);
  const bound = digestOf([row.mersis_no, row.starts_on, row.ends_on]);
  if (isTold && (decided?.digest ?? UNBOUND) !== bound)
    throw new FoundDifference(
      check,
      `role ${roleId} is not bound to what was decided`,
      decided?.leaf ?? entry.leaf,
    );
  return { roleId, tag, holders: decided === null ? [entry.holder] : [entry.holder, decided.holder] };
}

function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
