import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { Proposal } from '../../proposals/proposal.js';
import { settleProposal } from '../../proposals/propose.js';
import { actedBy, deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import type { RolePorts } from '../record-roles.js';
import { lockHead } from '../recording/records.js';
import { TWO_PERSON_ROLES } from './grant-rules.js';
import { judgeProposedGrant } from './judge.js';
import { lockWorld } from './read-world.js';
import { formatRole, type NamedRole, parseRole } from './role-list.js';
import { type GrantSealed, sealPersons } from './sealed-grant.js';

/** What grants by two persons are proposed and decided with. `ports.isOfficer`: whether who proposed could still grant. */
export interface GrantTools extends RolePorts {
  /** How long a proposal waits for the second person. */
  readonly hours: number;
  readonly ports: DeedPorts;
  /** For `role.decided`: whoever runs the process, where nobody is at a command line. */
  readonly osUser: string;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
}

/** A grant that one person wants and another decides. `reason` and the letter stand in clear. */
export interface GrantWish {
  readonly person: KimlikNo;
  readonly role: NamedRole;
  readonly letter: { readonly no: string; readonly date: string } | null;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/** A proposal as it stands now. */
export interface GrantProposed {
  readonly proposal: string;
  readonly expiresAt: Date;
  readonly leafIndex: bigint;
}

const termsSchema = z.strictObject({
  letter: z.strictObject({ date: z.string(), no: z.string() }).nullable(),
  personsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  reason: z.string().nullable(),
  role: z.string(),
});

/** What is proposed. `role`: in the notation of `parseRole`; the persons stand sealed beside, `personsSha256` says which. */
export type GrantTerms = z.output<typeof termsSchema>;

/** The terms of a proposed grant, with its role; null where they are none: no bridge wrote the row so. */
export function grantTermsOf({
  terms,
}: Pick<Proposal, 'terms'>): (GrantTerms & { readonly named: NamedRole }) | null {
  const { data } = termsSchema.safeParse(terms);
  const named = data === undefined ? null : parseRole(data.role);
  return data === undefined || named === null ? null : { ...data, named };
}

async function settleWish(
  tx: Transaction,
  { letter, officer, person, reason, role }: GrantWish,
  { hours, masterKeys, ports, tagger }: GrantTools,
  now: Date,
): Promise<Settled<Verdict<GrantProposed>>> {
  if (!TWO_PERSON_ROLES.includes(role.role)) return refused('REQUEST_INVALID', 'one person grants this role');
  const tag = tagger.tag('authority', person);
  await lockHead(tx);
  const world = await lockWorld(tx, [officer.tag, tag], [], istanbulDay(now));
  const wanted = { tag: tag.toString('hex'), role, from: null, to: null };
  const refusal = judgeProposedGrant(wanted, officer.tag.toString('hex'), world);
  if (refusal !== null) return refused(refusal.code, refusal.message, refusal.reason);
  const id = randomUUID();
  const { box, sha256 } = sealPersons(masterKeys, id, {
    person,
    proposer: officer.person,
    session: actedBy(officer).actor,
  });
  const terms: GrantTerms = { letter, personsSha256: sha256, reason, role: formatRole(role) };
  const letterText = letter === null ? null : `${letter.no}, ${letter.date}`;
  const settled = await settleProposal(
    tx,
    {
      ...{ id, what: 'roles.decide', subject: `${terms.role}:${id}`, terms, reason, hours, officer },
      changes: [
        { field: 'role', before: null, after: terms.role },
        ...(letterText === null ? [] : [{ field: 'letter', before: null, after: letterText }]),
      ],
    },
    ports,
    now,
  );
  if (!settled.ok) return refused(settled.code, settled.message);
  const { expiresAt } = settled;
  const sealed: GrantSealed = {
    ...{ kind: 'role-proposal-made', id, box, expiresAt },
    masterKeyId: masterKeys.activeId,
  };
  return done(settled.entries, [...settled.effects, sealed], (receipts) => {
    return { proposal: id, expiresAt, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/**
 * Proposes a grant that two persons decide; nothing is changed by it. `log` needs `PROPOSAL_APPLIERS` and `ROLE_PROPOSAL_APPLIERS`. Refused: what
 * `judgeProposedGrant` says, `TOKEN_INVALID`, `REQUEST_INVALID` (one person grants this role). Errors: those of `Appender`.
 */
export function proposeGrant(
  log: Appender,
  tools: GrantTools,
  wish: GrantWish,
): Promise<Verdict<GrantProposed>> {
  const lane = deedLane<GrantWish, GrantProposed>('5-roles-propose', (tx, item, now) =>
    settleWish(tx, item, tools, now),
  );
  return log.submit(lane, wish);
}
