import type { RoleName } from '../../authority/roles/role-list.js';
import type { BothLanguages } from '../../pages/views.js';
import type { DecisionState, WaitingDecision } from '../decisions/port.js';
import type { Tone } from '../frame/parts.js';

interface Marked {
  readonly mark: Tone;
  readonly text: BothLanguages;
}

const STATES: Readonly<Record<DecisionState, Marked>> = {
  open: { mark: 'warning', text: { tr: 'Karar bekliyor', en: 'Waits for a decision' } },
  expired: { mark: 'calm', text: { tr: 'Süresi doldu', en: 'Expired' } },
  approved: { mark: 'good', text: { tr: 'Onaylandı ve uygulandı', en: 'Approved and carried out' } },
  refused: { mark: 'problem', text: { tr: 'Reddedildi', en: 'Refused' } },
  withdrawn: { mark: 'calm', text: { tr: 'Geri çekildi', en: 'Withdrawn' } },
  ended: { mark: 'calm', text: { tr: 'Sona erdi', en: 'Ended' } },
  unreadable: {
    mark: 'problem',
    text: {
      tr: 'Kayıtlardaki öneriyle aynı değil: yalnızca reddedilebilir',
      en: 'Not what was recorded: it can only be refused',
    },
  },
};
const WAITS_FOR_SECOND: Marked = {
  mark: 'calm',
  text: { tr: 'Sizin öneriniz: ikinci kişi karar verecek', en: 'Your proposal: the second person decides' },
};

/** How far it is, for whoever looks. */
export function stateMark({ isOwn, state }: Pick<WaitingDecision, 'isOwn' | 'state'>): Marked {
  return state === 'open' && isOwn ? WAITS_FOR_SECOND : STATES[state];
}

const ROLE_NAMES: Readonly<Record<RoleName, BothLanguages>> = {
  administrator: { tr: 'sistem yöneticisi (işletme)', en: 'administrator' },
  'security-officer': { tr: 'güvenlik görevlisi', en: 'security officer' },
  'log-inspector': { tr: 'kayıt denetçisi', en: 'log inspector' },
  finance: { tr: 'mali görevli', en: 'finance officer' },
  'ministry-manager': { tr: 'bakanlık sistem yöneticisi', en: 'manager of a ministry' },
  'ministry-central': { tr: 'bakanlık merkez birimi', en: 'unit of a ministry' },
  directorate: { tr: 'il müdürlüğü', en: 'directorate' },
  'ministry-representative': { tr: 'Bakanlık temsilcisi', en: 'representative of a ministry' },
};

/** Who may decide: the roles, and that it is another person. */
export function decidersText(roles: readonly RoleName[]): BothLanguages {
  const names = roles.map((role) => ROLE_NAMES[role]);
  return {
    tr: `Öneren dışında, bu görevlerden birini taşıyan bir kişi: ${names.map(({ tr }) => tr).join(', ')}`,
    en: `Somebody other than who proposed it, in one of these roles: ${names.map(({ en }) => en).join(', ')}`,
  };
}

const MINUTE_MS = 60_000;

/** How long it still waits: `2 gün 4 saat`, `35 dakika`. */
export function remainingText(until: Date, now: Date): BothLanguages {
  const minutes = Math.floor((until.getTime() - now.getTime()) / MINUTE_MS);
  if (minutes < 0) return { tr: 'süre doldu', en: 'time is over' };
  if (minutes < 1) return { tr: 'bir dakikadan az', en: 'less than a minute' };
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return { tr: `${days} gün ${hours} saat`, en: `${days} d ${hours} h` };
  return hours > 0
    ? { tr: `${hours} saat ${minutes % 60} dakika`, en: `${hours} h ${minutes % 60} min` }
    : { tr: `${minutes} dakika`, en: `${minutes} min` };
}
