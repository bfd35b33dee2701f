import { z } from 'zod';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { KPS_SERVICES } from '../../config/schema/kps-services.js';
import { REQUEST_KINDS } from '../../fees/agreement/list-requests.js';
import { readAgreements } from '../../fees/agreement/read-agreements.js';
import { recordAnswer } from '../../fees/agreement/record-answer.js';
import { recordRequest } from '../../fees/agreement/record-request.js';
import { agreementSettings } from '../../house/fees/usage-settings.js';
import { doneValue } from '../../proposals/verdict.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { agreementTable } from './agreement-table.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { readDay, type Told, wrongUse } from './proposal-desk.js';

const OPTIONS = {
  kind: { type: 'string' },
  wanted: { type: 'string' },
  document: { type: 'string' },
  date: { type: 'string' },
  decision: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** One action, its arguments already read. */
type Deed = (house: House, terminal: Terminal, tokenFile: string | undefined) => Promise<Told>;

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string>>>;

/** `bridge fees agreements …`: the register of bilateral agreements, and what is asked of NVİ about them. */
export const feesAgreementsCommand: Command = {
  usage:
    'fees agreements [list] | request ACCOUNT --kind KIND --wanted "…" --document NO --date DAY | answer REQUEST --decision granted|refused --date DAY [--token-file F] [--json]',
  summary:
    'the agreement of each account: services, validity, days to renewal, users, declared address, requests (a finance officer: it shows names). request and answer (with step-up) record letters to NVİ and its answers; KIND: service, static-ip, administrative-user, technical-user, renewal; --wanted is the service, or a word, never a person. What is granted counts once the settings say it',
  run: async (args, terminal) => {
    const [first] = args;
    const isList = first === undefined || first.startsWith('--') || first === 'list';
    const count = isList ? (first === 'list' ? 1 : 0) : 2;
    const { positionals, values } = parseCommand(feesAgreementsCommand, args, OPTIONS, count);
    const [action = 'list', target = ''] = positionals;
    const deed = deedOf(action, target, values);
    const [result, words] = await atFeeDesk(terminal, `fees agreements ${action}`, (house) =>
      deed(house, terminal, values['token-file']),
    );
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};

function deedOf(action: string, target: string, values: Values): Deed {
  const { date, decision, document, kind, wanted } = values;
  const unused = (...given: readonly unknown[]) => {
    if (given.some((one) => one !== undefined)) throw wrongUse(feesAgreementsCommand);
  };
  switch (action) {
    case 'list':
      unused(date, decision, document, kind, wanted);
      return list;
    case 'request':
      unused(decision);
      return request(target, values);
    case 'answer':
      unused(document, kind, wanted);
      return answer(target, values);
    default:
      throw wrongUse(feesAgreementsCommand);
  }
}

const list: Deed = async (house, terminal, tokenFile) => {
  // Names and addresses of the responsible persons: the look is an entry (`command.acted`).
  await feeOfficer(house, terminal, tokenFile, null);
  const today = istanbulDay(new Date());
  const agreements = await readAgreements(agreementSettings(house.config), house.db, today);
  return [{ agreements }, agreementTable(agreements)];
};

function request(account: string, values: Values): Deed {
  const kind = z.enum(REQUEST_KINDS).safeParse(values.kind);
  const { document: documentNo, wanted } = values;
  if (!kind.success || documentNo === undefined || wanted === undefined)
    throw wrongUse(feesAgreementsCommand);
  const requestedOn = readDay(feesAgreementsCommand, values.date, '--date');
  return async (house, terminal, tokenFile) => {
    const officer = await feeOfficer(house, terminal, tokenFile, 'fees.decide');
    const tools = { ...deedPorts(house), accounts: house.config.accounts, services: KPS_SERVICES };
    const wish = { account, kind: kind.data, wanted, documentNo, requestedOn, officer };
    const recorded = doneValue(await recordRequest(house.log.appender, tools, wish));
    const { leafIndex, request: id } = recorded;
    const words = `recorded (leaf ${leafIndex}); its answer: bridge fees agreements answer ${id} --decision granted|refused --date DAY`;
    return [{ request: id, leafIndex: Number(leafIndex) }, words];
  };
}

function answer(target: string, values: Values): Deed {
  const id = proposalId(target);
  const decision = z.enum(['granted', 'refused']).safeParse(values.decision);
  if (!decision.success) throw wrongUse(feesAgreementsCommand);
  const decidedOn = readDay(feesAgreementsCommand, values.date, '--date');
  return async (house, terminal, tokenFile) => {
    const officer = await feeOfficer(house, terminal, tokenFile, 'fees.decide');
    const wish = { request: id, decision: decision.data, decidedOn, officer };
    const recorded = doneValue(await recordAnswer(house.log.appender, deedPorts(house), wish));
    const { account, leafIndex, service } = recorded;
    const next =
      service === null
        ? ''
        : `; ${service} can be asked once accounts → ${account} → agreement → services of the settings names it`;
    const result = { request: id, account, decision: decision.data, leafIndex: Number(leafIndex) };
    return [result, `recorded (leaf ${leafIndex})${next}`];
  };
}
