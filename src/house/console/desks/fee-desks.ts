import { isQuarter } from '../../../calendar/istanbul-day.js';
import type { DecisionDesk } from '../../../console/decisions/port.js';
import {
  type ProposalDeskPorts,
  type ProposalMatter,
  proposalDesk,
} from '../../../console/decisions/proposal-desk.js';
import { quarterText } from '../../../console/finance/quarter-words.js';
import { decideLift } from '../../../fees/ahead/decide-lift.js';
import { liftTermsOf } from '../../../fees/ahead/propose-lift.js';
import { decideQuarter } from '../../../fees/quarter/decide.js';
import { decideTariff } from '../../../fees/tariff/decide-tariff.js';
import { termsOf } from '../../../fees/tariff/switch-terms.js';
import { dayText } from '../../../pages/formatting.js';
import { doneValue } from '../../../proposals/verdict.js';
import { deedPortsOf } from '../../deed-ports.js';
import { liftTools, tariffTools } from '../../fees/fee-tools.js';
import type { RoomParts } from '../parts.js';
import { feeChanges } from './fee-words.js';

const ROLES = ['finance'] as const;

/** Decisions about the fee book that need two finance officers. */
export function feeDesks(
  parts: Pick<RoomParts, 'config' | 'log'>,
  ports: ProposalDeskPorts,
): readonly DecisionDesk[] {
  return [quarterMatter(parts), tariffMatter(parts), stopMatter(parts)].map((matter) =>
    proposalDesk(ports, matter),
  );
}

type Parts = Pick<RoomParts, 'config' | 'log'>;

function quarterMatter({ config, log }: Parts): ProposalMatter {
  return {
    what: 'fees.quarter',
    name: { tr: 'Çeyreğin kapatılması', en: 'Closing of a quarter' },
    roles: ROLES,
    operation: 'fees.close',
    subjectText: ({ subject }) => (isQuarter(subject) ? quarterText(subject) : subject),
    changesOf: feeChanges,
    partsOf: async ({ subject }) => [
      {
        part: 'links',
        label: { tr: 'Önce bakın', en: 'Look first' },
        links: [
          {
            href: `/konsol/mali/ceyrek/${encodeURIComponent(subject)}`,
            text: { tr: 'Çeyreğin cetveli', en: 'Statement of the quarter' },
          },
        ],
      },
    ],
    decide: async ({ person }, { id, subject }, decision, reason) => {
      const tools = { ports: deedPortsOf(config.instance, null, ROLES) };
      const order = { quarter: subject, proposal: id, decision, reason, officer: person.officer };
      doneValue(await decideQuarter(log.appender, tools, order));
    },
  };
}

function tariffMatter({ config, log }: Parts): ProposalMatter {
  return {
    what: 'fees.tariff',
    name: { tr: 'Tarife değişikliği', en: 'Change of the tariff' },
    roles: ROLES,
    operation: 'fees.decide',
    subjectText: (proposal) => {
      const terms = termsOf(proposal);
      if (terms === null) return proposal.subject;
      const day = dayText(terms.from);
      return {
        tr: `${terms.row.id}, ${day.tr} gününden başlayarak`,
        en: `${terms.row.id}, from ${day.en} on`,
      };
    },
    changesOf: feeChanges,
    decide: async ({ person: { officer } }, { id: proposal }, decision, reason) => {
      const tools = tariffTools(config, deedPortsOf(config.instance, null, ROLES));
      doneValue(await decideTariff(log.appender, tools, { proposal, decision, reason, officer }));
    },
  };
}

function stopMatter({ config, log }: Parts): ProposalMatter {
  return {
    what: 'fees.stop',
    name: { tr: 'Bütçe durdurmasının kaldırılması', en: 'Lifting the stop of a budget' },
    roles: ROLES,
    operation: 'fees.decide',
    subjectText: (proposal) => {
      const terms = liftTermsOf(proposal);
      if (terms === null) return proposal.subject;
      const { account, quarter } = terms;
      return { tr: `${account}, ${quarter} çeyreği`, en: `${account} in ${quarter}` };
    },
    changesOf: feeChanges,
    decide: async ({ person: { officer } }, { id: proposal }, decision, reason) => {
      const tools = liftTools(config, deedPortsOf(config.instance, null, ROLES));
      doneValue(await decideLift(log.appender, tools, { proposal, decision, reason, officer }));
    },
  };
}
