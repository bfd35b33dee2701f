import { z } from 'zod';
import { signalDecision } from '../../audit/catalogue/signals.js';
import { createPersonTagger } from '../../audit/person-tags.js';
import { valueFrom } from '../../audit/retention/exclusive-lane.js';
import { SIGNAL_APPLIERS } from '../../audit/signals/appliers.js';
import { createDecideLane } from '../../audit/signals/decide-lane.js';
import { listSignals, type SignalPlace } from '../../audit/signals/list-signals.js';
import { parseSignalPlace } from '../../audit/signals/place.js';
import { decodeKey32 } from '../../config/key32.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { actorOf } from '../actor.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';
import { parseBody, readParts, reasonSchema, stillActsAs, type Told } from './retention-desk.js';
import { showSignals } from './signal-table.js';

const OPTIONS = {
  after: { type: 'string' },
  open: { type: 'boolean', default: false },
  signal: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** Signals of one page. */
const PAGE_SIZE = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const decisionSchema = z.strictObject({ decision: signalDecision, note: reasonSchema });

/** `bridge audit signals …`: what the rules raised, and an officer's decision about it. Nobody is named in the list. */
export const signalsCommand: Command = {
  usage: 'audit signals list [--open] [--after PLACE] | decide --signal ID  [--token-file FILE] [--json]',
  summary:
    'what the rules raised: list (security officer or log inspector); decide (security officer, step-up, never about oneself) reads {"decision":"justified|reported|false-alarm","note"} from standard input, behind the token where it has no file',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(signalsCommand, args, OPTIONS, 1);
    const tokenFile = values['token-file'];
    const { after, open, signal } = values;
    let told: Told;
    if (positionals[0] === 'list' && signal === undefined)
      told = await list(terminal, { tokenFile, after: placeOf(after), openOnly: open });
    else if (positionals[0] === 'decide' && after === undefined && !open && UUID.test(signal ?? ''))
      told = await decide(terminal, { tokenFile, signal: (signal ?? '').toLowerCase() });
    else throw wrongUse();
    const [result, words] = told;
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};

interface ListWish {
  readonly tokenFile: string | undefined;
  readonly after: SignalPlace | null;
  readonly openOnly: boolean;
}

function list(terminal: Terminal, { tokenFile, after, openOnly }: ListWish): Promise<Told> {
  return inHouse(terminal, 'audit signals list', [], async (house) => {
    const roles = ['security-officer', 'log-inspector'];
    await actingOfficer(house, terminal, { file: tokenFile }, roles, { operation: null });
    return showSignals(await listSignals(house.db, { after, limit: PAGE_SIZE, openOnly }));
  });
}

interface DecideWish {
  readonly tokenFile: string | undefined;
  readonly signal: string;
}

async function decide(terminal: Terminal, { tokenFile, signal }: DecideWish): Promise<Told> {
  const parts = await readParts(terminal, tokenFile);
  const { decision, note } = parseBody(parts.body, decisionSchema);
  return inHouse(parts.terminal, 'audit signals decide', SIGNAL_APPLIERS, async (house) => {
    const roles = ['security-officer'];
    const found = await actingOfficer(house, parts.terminal, { file: tokenFile }, roles, {
      operation: 'audit.decide',
    });
    const officer = { person: found.person, tag: found.tag, session: actorOf(found).data };
    const lane = createDecideLane({
      instance: house.config.instance,
      taggers: house.config.audit.tagKeys.map(({ id, key }) =>
        createPersonTagger({ id, key: decodeKey32(key) }),
      ),
      stillActs: stillActsAs(found),
    });
    const leaf = valueFrom(await house.log.appender.submit(lane, { officer, signal, decision, note }));
    return [{ signal, decision, leafIndex: Number(leaf) }, `${decision}: ${signal} (leaf ${leaf})`];
  });
}

function placeOf(text: string | undefined): SignalPlace | null {
  if (text === undefined) return null;
  const place = parseSignalPlace(text);
  if (place === null) throw wrongUse();
  return place;
}

function wrongUse(): BridgeError {
  return new BridgeError('WRONG_USE', `usage: bridge ${signalsCommand.usage}`);
}
