import { grantTermsOf } from '../../../authority/roles/propose-grant.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { OfficerDecision } from '../../../proposals/decide.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { Proposal } from '../../../proposals/proposal.js';
import { roleText } from '../../common/role-words.js';
import type { ProposalMatter } from '../../decisions/proposal-desk.js';
import type { Cell, Text } from '../../frame/parts.js';
import { conflictText, isRoleConflict } from './role-words.js';

/** What the desk of proposed grants asks. */
export interface GrantMatterPorts {
  /** Errors: those of `decideGrant` as `BridgeError`. */
  decide(wish: {
    readonly proposal: string;
    readonly decision: OfficerDecision;
    readonly reason: string | null;
    readonly officer: ActingOfficer;
  }): Promise<unknown>;
  /** The last four digits of the number of whom it is about; null where that cannot be opened. */
  lastDigits(proposal: Proposal): Promise<string | null>;
}

const NOTHING: BothLanguages = { tr: 'yok', en: 'none' };

/** What a grant by two persons is to whoever decides it. */
export function rolesMatter(ports: GrantMatterPorts): ProposalMatter {
  return {
    what: 'roles.decide',
    name: { tr: 'Rol verme', en: 'Grant of a role' },
    roles: ['administrator', 'security-officer'],
    operation: 'roles.decide',
    subjectText: (proposal) => {
      const terms = grantTermsOf(proposal);
      return terms === null ? { tr: 'Rol verme', en: 'Grant of a role' } : roleText(terms.named);
    },
    changesOf: (_changes, proposal) => {
      const terms = grantTermsOf(proposal);
      return terms === null
        ? []
        : [{ field: { tr: 'Rol', en: 'Role' }, before: NOTHING, after: roleText(terms.named) }];
    },
    partsOf: async (proposal) => {
      const digits = await ports.lastDigits(proposal);
      return [
        {
          part: 'facts',
          rows: [
            { label: { tr: 'Kime', en: 'To whom' }, value: whomText(proposal, digits) },
            { label: { tr: 'Resmî yazı', en: 'Official letter' }, value: letterText(proposal) },
          ],
        },
      ];
    },
    refusalText: (_code, reason) => (isRoleConflict(reason) ? conflictText(reason) : null),
    decide: ({ person: { officer } }, { id }, decision, reason) =>
      ports.decide({ proposal: id, decision, reason, officer }),
  };
}

function whomText({ decision }: Proposal, digits: string | null): Text {
  if (digits !== null) return `*******${digits}`;
  return decision === null
    ? { tr: 'okunamıyor', en: 'not readable' }
    : { tr: 'kararla birlikte silindi; kayıtta mühürlü', en: 'removed with the decision; sealed in the log' };
}

function letterText(proposal: Proposal): Cell {
  const letter = grantTermsOf(proposal)?.letter ?? null;
  return letter === null ? NOTHING : `${letter.no}, ${dayText(letter.date).tr}`;
}
