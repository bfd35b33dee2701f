import { z } from 'zod';
import { readAuthority } from '../../authority/read-authority.js';
import { readRecords } from '../../authority/recording/records.js';
import { ACTIONS } from '../../authority/rights/actions.js';
import { decisionTimeAt } from '../../authority/rights/decision-time.js';
import { type EvaluationQuestion, evaluate } from '../../authority/rights/evaluate.js';
import { type DecisionDocument, decisionDocument, explainLines } from '../../authority/rights/explain.js';
import { RIGHTS } from '../../authority/rights/rights.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { authorityPolicyOf } from '../../house/authority-policy.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import { type MersisNo, mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import { ACR_STEP_UP } from '../../sign-in/access-tokens.js';
import type { Transaction } from '../../storage/database.js';
import { parseBody, parsePerson, personSchema, readParts } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

/** Officers who may see why somebody may act: the rows of the table of rights for the command line. */
const OFFICERS = RIGHTS.filter(
  ({ action, conditions }) => action === 'authority.read' && conditions.through === 'command-line',
).map(({ role }) => role);

const personOnly = z.strictObject({ person: personSchema });
/** Facts, record and version of one moment: what is told together was true together. */
const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

interface Asked {
  readonly person: KimlikNo;
  readonly mersisNo: MersisNo;
  readonly question: EvaluationQuestion;
}

/** `bridge authority explain`: the answer of `/access/v1/evaluation`, read from the database instead of from memory. */
export const explainCommand: Command = {
  usage:
    'authority explain --cooperative MERSISNO --action NAME [--member] [--step-up] [--token-file FILE] [--json]',
  summary:
    'may this person do this there, and why; {"person"}: JSON on standard input, behind the token where it has no file. --member: as if KOOPBİS said so; --step-up: as if signed in so. An administrator, a security officer or a log inspector',
  run: async (args, terminal) => {
    const options = {
      cooperative: { type: 'string' },
      action: { type: 'string' },
      member: { type: 'boolean', default: false },
      'step-up': { type: 'boolean', default: false },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(explainCommand, args, options, 0);
    const mersisNo = legalPerson(values.cooperative);
    // A word that is no action would be answered with a no, and a slip of the keyboard taken for one.
    if (values.action === undefined || !ACTIONS.has(values.action)) throw wrongUse();
    const file = values['token-file'];
    const parts = await readParts(terminal, file);
    const person = parsePerson(parseBody(parts.body, personOnly).person);
    const context = { member: values.member, acr: values['step-up'] ? ACR_STEP_UP : null };
    const asked: Asked = { person, mersisNo, question: { action: values.action, context } };
    const document = await inHouse(parts.terminal, 'authority explain', [], async (house) => {
      await actingOfficer(house, parts.terminal, { file }, OFFICERS, { operation: null, subject: person });
      return decide(house, asked, new Date());
    });
    terminal.out(values.json ? JSON.stringify(document) : explainLines(document).join('\n'));
    return EXIT.ok;
  },
};

function decide({ config, db, log }: House, asked: Asked, now: Date): Promise<DecisionDocument> {
  const time = decisionTimeAt(authorityPolicyOf(config), now);
  const { person, mersisNo, question } = asked;
  const tag = log.tagger.tag('authority', person);
  return db.transaction(
    async (tx) => {
      const [facts] = await readAuthority(tx, [{ tag, mersisNo }], time.today);
      if (facts === undefined) throw new RangeError('one question has one answer');
      const seatedAt = facts.seatedAt?.mersisNo ?? null;
      const records = await readRecords(tx, seatedAt === null ? [mersisNo] : [mersisNo, seatedAt]);
      const kind = records.get(mersisNo)?.record ?? null;
      const held = seatedAt === null ? null : (records.get(seatedAt) ?? null);
      return decisionDocument(evaluate(question, facts, time, { kind }), held, await readVersion(tx));
    },
    { begin: SNAPSHOT },
  );
}

async function readVersion(tx: Transaction): Promise<bigint> {
  const { rows } = await tx.query<{ version: bigint }>({ text: 'SELECT version FROM bridge.authority_head' });
  return rows[0]?.version ?? 0n;
}

/** A natural person's number is personal data and never an argument; nothing that was typed is repeated. */
function legalPerson(text: string | undefined): MersisNo {
  const parsed = parseMersisNo(text);
  if (!parsed.ok || mersisHolder(parsed.value) !== 'legal-person') throw wrongUse();
  return parsed.value;
}

function wrongUse(): BridgeError {
  const actions = [...ACTIONS.keys()].join(', ');
  return new BridgeError('WRONG_USE', `usage: bridge ${explainCommand.usage}\nactions: ${actions}`);
}
