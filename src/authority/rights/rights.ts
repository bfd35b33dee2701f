import type { ActingRole } from '../decide.js';
import type { ActionName } from './actions.js';

/** Who has rights. Beside those who act for or upon a cooperative: `member` (ortak), and officers of the house on the command line. */
type RightRole = ActingRole | 'member' | CommandLineRole;
type CommandLineRole = 'administrator' | 'security-officer' | 'log-inspector';

/**
 * Under what a right holds. `ministries`: the ministry that the cooperative's kind belongs to (m.3). `cooperative`: `own` = by a seat
 * there, `assembly-days` = on the days of its one assembly. `kinds`: kinds (tür) or levels (seviye) by name. `term`: what the days of the
 * seat must say; `none` where it rests on no days. `representation`: each registered member acts alone (m.5(3)); the signature rule is
 * stored and shown only. `through`: a right of the command line is none in an evaluation.
 */
export interface Conditions {
  readonly ministries: 'competent' | 'any';
  readonly il: 'own' | 'any';
  readonly cooperative: 'own' | 'assembly-days' | 'any';
  readonly kinds: 'all' | readonly string[];
  readonly term: 'running' | 'after-term' | 'none';
  readonly representation: 'any';
  readonly twoStep: true;
  readonly stepUp: boolean;
  readonly through: 'evaluation' | 'command-line';
}

/** One right: who, to what, under which conditions, by which rule. */
export interface RightRow {
  readonly role: RightRole;
  readonly action: ActionName;
  readonly conditions: Conditions;
  readonly rule: string;
}

const SEAT: Conditions = {
  ministries: 'any',
  il: 'any',
  cooperative: 'own',
  kinds: 'all',
  term: 'running',
  representation: 'any',
  twoStep: true,
  stepUp: false,
  through: 'evaluation',
};
const AFTER_TERM: Conditions = { ...SEAT, term: 'after-term' };
const MEMBER: Conditions = { ...SEAT, term: 'none' };
const ASSEMBLY_DAYS: Conditions = { ...SEAT, cooperative: 'assembly-days' };
const CENTRAL: Conditions = { ...SEAT, ministries: 'competent', cooperative: 'any', term: 'none' };
const PROVINCIAL: Conditions = { ...CENTRAL, il: 'own' };
const HOUSE: Conditions = { ...CENTRAL, ministries: 'any', through: 'command-line' };

const BOARD_RULE = 'Yönetmelik m.10; Usul ve Esaslar m.5(3)';
const LIQUIDATOR_RULE = 'in liquidation the registered liquidators act in the board’s place (our reading)';
const TRUSTEE_RULE = 'under a trustee (kayyım) the trustee acts in the board’s place (our reading)';
const AFTER_TERM_RULE =
  'an old board may still bring about the assembly that elects the next one: setting afterTerm (our reading)';
const APPOINTEE_RULE = 'Yönetmelik m.15(1)';
const DENETCI_RULE = 'Usul ve Esaslar m.5(3); a denetçi reads (our reading)';
const COMPETENCE_RULE = 'Yönetmelik m.3';
const SUSPENSION_RULE = '1163 m.90; who records it: our reading';

const READS: readonly ActionName[] = [
  'member.read',
  'document.read',
  'attendance-list.read',
  'cooperative.read',
  'authority.read',
];
/** What a board does, but for what it must decide itself. */
const MANAGES: readonly ActionName[] = [
  'member.add',
  'member.update',
  'document.upload',
  'assembly.record',
  'assembly.call',
  'mersis.refresh',
  ...READS,
];
const BOARD: readonly ActionName[] = [...MANAGES, 'appointee.apply'];

/** Actions whose rule says more than the role’s own. */
const RULE_OF: Partial<Record<ActionName, string>> = {
  'member.add': 'm.9(3)',
  'appointee.apply': 'm.15(1): by decision of the board',
};

function rights(
  role: RightRole,
  actions: readonly ActionName[],
  conditions: Conditions,
  rule: string,
): readonly RightRow[] {
  return actions.map((action) => ({ role, action, conditions, rule }));
}

function ofBoard(role: RightRole, actions: readonly ActionName[], rule: string): readonly RightRow[] {
  return actions.map((action) => {
    const more = RULE_OF[action];
    return { role, action, conditions: SEAT, rule: more === undefined ? rule : `${rule}; ${more}` };
  });
}

/**
 * The one table of rights: role × action × conditions. What is not in it nobody may do. `cooperative.suspend` needs the second step: it
 * takes the rights of a whole board.
 */
export const RIGHTS: readonly RightRow[] = [
  ...ofBoard('board', BOARD, BOARD_RULE),
  ...rights(
    'board-after-term',
    ['assembly.call', 'assembly.record', 'attendance-list.read'],
    AFTER_TERM,
    AFTER_TERM_RULE,
  ),
  ...ofBoard('liquidator', BOARD, LIQUIDATOR_RULE),
  ...ofBoard('trustee', BOARD, TRUSTEE_RULE),
  ...rights('denetci', READS, SEAT, DENETCI_RULE),
  // Who was appointed does not appoint the next one: only the board decides that.
  ...ofBoard('appointee', MANAGES, APPOINTEE_RULE),
  ...rights('member', ['document.read'], MEMBER, '1163 m.24; Yönetmelik m.13'),
  ...rights('member', ['attendance-list.read'], MEMBER, '1163 m.24; Yönetmelik m.21(2)'),
  ...rights('directorate', READS, PROVINCIAL, COMPETENCE_RULE),
  ...rights(
    'directorate',
    ['mersis.refresh'],
    PROVINCIAL,
    `${COMPETENCE_RULE}; m.15(1): it checks the MERSİS number first`,
  ),
  ...rights('directorate', ['appointee.decide'], PROVINCIAL, 'Yönetmelik m.15(1)'),
  ...rights(
    'directorate',
    ['address.read'],
    PROVINCIAL,
    'KPS başvuru esasları: addresses within the own area only',
  ),
  ...rights('directorate', ['assembly-report.upload'], PROVINCIAL, 'Yönetmelik m.3, m.11; 1163 m.87'),
  ...rights('directorate', ['cooperative.suspend'], { ...PROVINCIAL, stepUp: true }, SUSPENSION_RULE),
  ...rights('ministry-central', READS, CENTRAL, COMPETENCE_RULE),
  ...rights('ministry-central', ['cooperative.suspend'], { ...CENTRAL, stepUp: true }, SUSPENSION_RULE),
  ...rights('ministry-manager', READS, CENTRAL, `${COMPETENCE_RULE}; Usul ve Esaslar m.5(1)-(2)`),
  ...rights(
    'ministry-representative',
    ['assembly-report.upload'],
    ASSEMBLY_DAYS,
    'Yönetmelik m.3, m.11; 1163 m.87: through the directorate',
  ),
  ...rights(
    'ministry-representative',
    ['member.read', 'document.read', 'attendance-list.read'],
    ASSEMBLY_DAYS,
    'attends the assembly, m.11; 1163 m.87: what that takes (our reading)',
  ),
  ...rights(
    'administrator',
    ['authority.read'],
    HOUSE,
    'keeps the house; none at a cooperative (our reading)',
  ),
  ...rights('security-officer', ['authority.read'], HOUSE, 'says by what right somebody acted (our reading)'),
  ...rights('log-inspector', ['authority.read'], HOUSE, 'says by what right somebody acted (our reading)'),
];
