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
import type { DeedPorts } from '../../../proposals/officer.js';
import { doneValue } from '../../../proposals/verdict.js';
import { deedPortsOf } from '../../deed-ports.js';
import { liftTools, tariffTools } from '../../fees/fee-tools.js';
import type { RoomParts } from '../parts.js';
import { feeChanges } from './fee-words.js';

/** Who decides about the fee book, and how its changes are told. */
const OF_THE_FEE = { roles: ['finance'], changesOf: feeChanges } as const;

/** Decisions about the fee book that need two finance officers. */
export function feeDesks(parts: Parts, ports: ProposalDeskPorts): readonly DecisionDesk[] {
  return [quarterMatter(parts), tariffMatter(parts), stopMatter(parts)].map((matter) =>
    proposalDesk(ports, matter),
  );
}

type Parts = Pick<RoomParts, 'config' | 'log'>;

function deedsOf(config: Parts['config']): DeedPorts {
  return deedPortsOf(config.instance, null, OF_THE_FEE.roles);
}

function quarterMatter({ config, log }: Parts): ProposalMatter {
  return {
    ...OF_THE_FEE,
    what: 'fees.quarter',
    name: { tr: 'Çeyreğin kapatılması', en: 'Closing of a quarter' },
    operation: 'fees.close',
    subjectText: ({ subject }) => (isQuarter(subject) ? quarterText(subject) : subject),
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
      const tools = { ports: deedsOf(config) };
      const order = { quarter: subject, proposal: id, decision, reason, officer: person.officer };
      doneValue(await decideQuarter(log.appender, tools, order));
    },
  };
}

function tariffMatter({ config, log }: Parts): ProposalMatter {
  return {
    ...OF_THE_FEE,
    what: 'fees.tariff',
    name: { tr: 'Tarife değişikliği', en: 'Change of the tariff' },
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
    decide: async ({ person: { officer } }, { id: proposal }, decision, reason) => {
      const tools = tariffTools(config, deedsOf(config));
      doneValue(await decideTariff(log.appender, tools, { proposal, decision, reason, officer }));
    },
  };
}

function stopMatter({ config, log }: Parts): ProposalMatter {
  return {
    ...OF_THE_FEE,
    what: 'fees.stop',
    name: { tr: 'Bütçe durdurmasının kaldırılması', en: 'Lifting the stop of a budget' },
    operation: 'fees.decide',
    subjectText: (proposal) => {
      const terms = liftTermsOf(proposal);
      if (terms === null) return proposal.subject;
      const { account, quarter } = terms;
      return { tr: `${account}, ${quarter} çeyreği`, en: `${account} in ${quarter}` };
    },
    decide: async ({ person: { officer } }, { id: proposal }, decision, reason) => {
      const tools = liftTools(config, deedsOf(config));
      doneValue(await decideLift(log.appender, tools, { proposal, decision, reason, officer }));
    },
  };
}
