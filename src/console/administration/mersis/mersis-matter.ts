import { formatCount } from '../../../fees/kurus.js';
import { releaseTermsOf } from '../../../mersis/held/propose-release.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { OfficerDecision } from '../../../proposals/decide.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { ProposalMatter } from '../../decisions/proposal-desk.js';
import { MERSIS_PATH } from './held-parts.js';

/** Ends a proposal about a stopped run. Errors: those of `decideRelease` as `BridgeError`. */
export type DecideRelease = (wish: {
  readonly proposal: string;
  readonly decision: OfficerDecision;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}) => Promise<unknown>;

const SUBJECTS: Readonly<Record<'released' | 'rejected', BothLanguages>> = {
  released: { tr: 'Duran MERSİS turunu serbest bırakma', en: 'Release of the stopped MERSİS run' },
  rejected: { tr: 'Duran MERSİS turunu reddetme', en: 'Rejection of the stopped MERSİS run' },
};
const UNREADABLE: BothLanguages = { tr: 'Duran MERSİS turu', en: 'The stopped MERSİS run' };
const DECISIONS: Readonly<Record<'released' | 'rejected', BothLanguages>> = {
  released: { tr: 'serbest', en: 'released' },
  rejected: { tr: 'reddedilmiş', en: 'rejected' },
};

/** What the release of a stopped run is to whoever decides it. */
export function mersisMatter(decide: DecideRelease): ProposalMatter {
  return {
    what: 'mersis.release',
    name: { tr: 'MERSİS turu', en: 'MERSİS run' },
    roles: ['administrator', 'security-officer'],
    operation: 'mersis.release',
    subjectText: (proposal) => {
      const terms = releaseTermsOf(proposal);
      return terms === null ? UNREADABLE : SUBJECTS[terms.decision];
    },
    changesOf: (_changes, proposal) => {
      const terms = releaseTermsOf(proposal);
      if (terms === null) return [];
      const [n, lost] = [formatCount(terms.cooperatives), formatCount(terms.lost)];
      return [
        {
          field: { tr: 'Tutulan okumalar', en: 'Readings held' },
          before: {
            tr: `${n} kooperatif, ${lost} görev bekliyor`,
            en: `${n} cooperatives, ${lost} seats wait`,
          },
          after: DECISIONS[terms.decision],
        },
      ];
    },
    partsOf: async (proposal) => {
      const terms = releaseTermsOf(proposal);
      const seen = terms === null ? null : momentText(new Date(terms.seenAt));
      return [
        {
          part: 'text',
          text:
            seen === null
              ? { tr: 'Önerinin içeriği okunamıyor.', en: 'What was proposed is not readable.' }
              : {
                  tr: `Öneren, tutulanları ${seen.tr} itibarıyla gördü; sonra gelenler yeniden değerlendirilir.`,
                  en: `Who proposed it saw what is held as of ${seen.en}; what came later is judged anew.`,
                },
        },
        {
          part: 'links',
          label: { tr: 'Ayrıntı', en: 'More' },
          links: [{ href: MERSIS_PATH, text: { tr: 'Tutulan okumalara bak', en: 'Look at what is held' } }],
        },
      ];
    },
    decide: ({ person: { officer } }, { id }, decision, reason) =>
      decide({ proposal: id, decision, reason, officer }),
  };
}
