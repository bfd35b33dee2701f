import { dayOf, knownInstantOf } from '../../authority/history/known-instant.js';
import {
  type Authorities,
  type KnownCooperative,
  readAuthorities,
} from '../../authority/history/read-authorities.js';
import { RIGHTS } from '../../authority/rights/rights.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { leafKnownAt } from '../../house/authority/known-leaf.js';
import { authorityPolicyOf } from '../../house/authority-policy.js';
import { type MersisNo, mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

/** Officers who may see who may act: the rows of the table of rights for the command line. */
const OFFICERS = RIGHTS.filter(
  ({ action, conditions }) => action === 'authority.read' && conditions.through === 'command-line',
).map(({ role }) => role);

interface Asked {
  readonly mersisNo: MersisNo;
  readonly at: string;
  readonly knownAt: Date | null;
}

/** `bridge authority who`: who could act on a day, as known at an instant; seats alone, never whose they are. */
export const whoCommand: Command = {
  usage:
    'authority who --cooperative MERSISNO [--at DAY] [--known-at DAY|INSTANT] [--token-file FILE] [--json]',
  summary:
    'which seats let somebody act for a cooperative on a day (today), as known at an instant that is over (now; a bare date: 00:00 in Europe/Istanbul); no persons. An administrator, a security officer or a log inspector',
  run: async (args, terminal) => {
    const options = {
      cooperative: { type: 'string' },
      at: { type: 'string' },
      'known-at': { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(whoCommand, args, options, 0);
    const now = new Date();
    const asked: Asked = {
      mersisNo: legalPerson(values.cooperative),
      at: values.at === undefined ? istanbulDay(now) : known(dayOf(values.at), '--at: a day YYYY-MM-DD'),
      knownAt: values['known-at'] === undefined ? null : pastInstant(values['known-at'], now),
    };
    const file = values['token-file'];
    const found = await inHouse(terminal, 'authority who', [], async (house) => {
      await actingOfficer(house, terminal, { file }, OFFICERS, { operation: null });
      return lookUp(house, asked, now);
    });
    const told = documentOf(found, asked);
    terminal.out(values.json ? JSON.stringify(told) : linesOf(told).join('\n'));
    return EXIT.ok;
  },
};

async function lookUp({ config, db }: House, asked: Asked, now: Date): Promise<Authorities> {
  const { mersisNo, at: day, knownAt } = asked;
  const knownLeaf = knownAt === null ? null : await leafKnownAt(db, knownAt);
  const found = await readAuthorities(db, { mersisNo, day, knownLeaf }, authorityPolicyOf(config), now);
  if (found === null) throw new BridgeError('NOT_FOUND', 'no such cooperative was known then');
  return found;
}

/** As the API tells it, but for persons: neither numbers nor pseudonyms. */
function documentOf({ asked, successor, readAt, authorities }: Authorities, { at, knownAt }: Asked) {
  return {
    ...cooperativeOf(asked),
    at,
    knownAt: knownAt?.toISOString() ?? null,
    readAt: readAt?.toISOString() ?? null,
    successor: successor === null ? null : cooperativeOf(successor),
    authorities: authorities.map(({ role, seatId: seat, from, to, registeredOn, representation }) => {
      return { role, seat, from, to, registeredOn, representation };
    }),
  };
}

function cooperativeOf({ leaf, knownFrom, ...plain }: KnownCooperative) {
  return {
    ...plain,
    entry: leaf === null ? null : { leafIndex: Number(leaf) },
    knownFrom: knownFrom?.toISOString() ?? null,
  };
}

function linesOf(told: ReturnType<typeof documentOf>): readonly string[] {
  const { at, knownAt, readAt, successor, authorities } = told;
  return [
    `who could act on ${at}, as known ${knownAt === null ? 'now' : `at ${knownAt}`}`,
    cooperativeLine('cooperative', told),
    ...(successor === null ? [] : [cooperativeLine('went into', successor)]),
    ...(readAt === null ? [] : [`read       ${readAt}`]),
    ...(authorities.length === 0 ? ['nobody'] : authorities.map(seatLine)),
  ];
}

function cooperativeLine(label: string, one: ReturnType<typeof cooperativeOf>): string {
  const states = [
    one.durum === '' ? 'status not known' : one.durum,
    ...(one.suspended ? ['suspended'] : []),
    ...(one.underTrustee ? ['under a trustee'] : []),
  ];
  const leaf = one.entry === null ? 'no entry kept' : `leaf ${one.entry.leafIndex}`;
  const from = one.knownFrom === null ? '' : `; nothing older is kept: as known from ${one.knownFrom} on`;
  return `${label} ${one.mersisNo}: ${states.join(', ')}; version ${one.version}, ${leaf}${from}`;
}

function seatLine(one: ReturnType<typeof documentOf>['authorities'][number]): string {
  const days = `${one.from} to ${one.to ?? 'no end'}, registered ${one.registeredOn ?? 'not'}`;
  return `${one.role}: seat ${one.seat}, ${days}`;
}

/** A natural person's number is personal data and never an argument; nothing that was typed is repeated. */
function legalPerson(text: string | undefined): MersisNo {
  const parsed = parseMersisNo(text);
  return known(
    parsed.ok && mersisHolder(parsed.value) === 'legal-person' ? parsed.value : null,
    '--cooperative: sixteen digits, the first 0',
  );
}

/** Only of a moment that is over is everything known that was known then. */
function pastInstant(text: string, now: Date): Date {
  const instant = known(knownInstantOf(text), '--known-at: a date (YYYY-MM-DD) or an instant with zone');
  if (instant.getTime() < now.getTime()) return instant;
  throw new BridgeError('WRONG_USE', '--known-at: in the future');
}

function known<T>(value: T | null, wanted: string): T {
  if (value === null) throw new BridgeError('WRONG_USE', `${wanted}; usage: bridge ${whoCommand.usage}`);
  return value;
}
