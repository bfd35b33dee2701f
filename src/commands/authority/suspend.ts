import { decideSuspension } from '../../appointments/suspension/decide-suspension.js';
import type { SuspensionDecision } from '../../appointments/suspension/judge-suspension.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { osUser } from '../../house/os-user.js';
import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import { daySchema } from '../audit/retention-desk.js';
import { clearOption, MAX_NUMBER } from '../clear-option.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { atOfficerDesk } from './officer-desk.js';

const OPTIONS = {
  cooperative: { type: 'string' },
  'decision-no': { type: 'string' },
  'decided-on': { type: 'string' },
  from: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** `bridge authority suspend` and `lift`: what a ministry has decided about a cooperative's organs (1163 m.90). */
export function suspensionCommand(
  name: 'suspend' | 'lift',
  decision: SuspensionDecision['decision'],
  summary: string,
): Command {
  const command: Command = {
    usage: `authority ${name} --cooperative NO --decision-no X --decided-on DAY [--from DAY] [--token-file F] [--json]`,
    summary,
    run: async (args, terminal) => {
      const { values } = parseCommand(command, args, OPTIONS, 0);
      const cooperative = cooperativeOf(values.cooperative, command);
      const decided = decisionOf(values, decision, command);
      const { leafIndex } = await atOfficerDesk(
        terminal,
        `authority ${name}`,
        values['token-file'],
        ({ house, officer, ports }) =>
          decideSuspension(house.log.appender, ports, { ...decided, cooperative, officer, osUser: osUser() }),
      );
      const result = { decision, cooperative, from: decided.from, leafIndex: Number(leafIndex) };
      terminal.out(
        values.json
          ? JSON.stringify(result)
          : `${decision}: ${cooperative} from ${decided.from} on (leaf ${leafIndex})`,
      );
      return EXIT.ok;
    },
  };
  return command;
}

export const suspendCommand = suspensionCommand(
  'suspend',
  'suspended',
  'record that the ministry has suspended a cooperative’s organs (1163 m.90): from then on none of its seats gives a right',
);

/** The MERSİS number as it was typed; a natural person's is never repeated. `WRONG_USE`. */
function cooperativeOf(text: string | undefined, { usage }: Command): string {
  const parsed = parseMersisNo(text);
  if (!parsed.ok || mersisHolder(parsed.value) === 'natural-person')
    throw new BridgeError('WRONG_USE', `--cooperative: sixteen digits, the first 0; usage: bridge ${usage}`);
  return parsed.value;
}

function decisionOf(
  values: {
    readonly 'decision-no'?: string | undefined;
    readonly 'decided-on'?: string | undefined;
    readonly from?: string | undefined;
  },
  decision: SuspensionDecision['decision'],
  command: Command,
): SuspensionDecision {
  const { usage } = command;
  const { 'decision-no': typed } = values;
  if (typed === undefined)
    throw new BridgeError('WRONG_USE', `--decision-no is missing; usage: bridge ${usage}`);
  const decisionNo = clearOption(command, '--decision-no', typed, MAX_NUMBER);
  const decidedOn = daySchema.safeParse(values['decided-on']);
  const from = daySchema.safeParse(values.from ?? istanbulDay(new Date()));
  if (!decidedOn.success)
    throw new BridgeError('WRONG_USE', `--decided-on: a day YYYY-MM-DD is needed; usage: bridge ${usage}`);
  if (!from.success)
    throw new BridgeError('WRONG_USE', `--from: not a day YYYY-MM-DD; usage: bridge ${usage}`);
  return { decision, decisionNo, decidedOn: decidedOn.data, from: from.data };
}
