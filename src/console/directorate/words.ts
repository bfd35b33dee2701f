import type { Settlement } from '../../appointments/disagreements/disagreement-rows.js';
import type { DisagreementMatter } from '../../appointments/ports.js';
import type { Area } from '../../authority/area/area.js';
import { dayText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import { MINISTRY_WORDS, ROLE_WORDS, SEAT_WORDS } from '../../sign-in/web/standing-texts.js';
import type { Cell, Text } from '../frame/parts.js';

const DURUM: Readonly<Record<string, BothLanguages>> = {
  faal: { tr: 'Faal', en: 'Active' },
  tasfiye: { tr: 'Tasfiye hâlinde', en: 'In liquidation' },
  terkin: { tr: 'Terkin edilmiş', en: 'Deleted from the registry' },
  birleşme: { tr: 'Birleşmiş', en: 'Merged' },
};

/** Statuses by which a list can be filtered. */
export const STATUSES: readonly string[] = Object.keys(DURUM);

/** A status in words; one that nobody knows stands as it came. */
export function statusText(durum: string): Text {
  if (durum === '') return { tr: 'Bilinmiyor', en: 'Not known' };
  return DURUM[durum] ?? durum;
}

/** The same with how it stands; a suspension says more than the status. */
export function statusCell(durum: string, suspended: boolean): Cell {
  if (suspended) return { mark: 'problem', text: { tr: 'Organları askıda', en: 'Organs suspended' } };
  return { mark: durum === 'faal' ? 'good' : 'calm', text: statusText(durum) };
}

/** A seat or role of staff in words. */
export function roleText(role: string): Text {
  if (role === 'board-after-term')
    return { tr: 'Süresi dolan yönetim kurulu üyesi', en: 'Board member after the term' };
  return SEAT_WORDS[role] ?? ROLE_WORDS[role] ?? role;
}

/** A ministry by its name. */
export function ministryText(ministry: string): Text {
  return MINISTRY_WORDS[ministry] ?? ministry;
}

/** A day, or that there is none. */
export function dayOrNone(day: string | null): Text {
  return day === null ? { tr: 'Yok', en: 'None' } : dayText(day);
}

/** From and to; open where it has no end. */
export function periodText(from: string, to: string | null): BothLanguages {
  const begin = dayText(from);
  if (to === null) return { tr: `${begin.tr} tarihinden itibaren`, en: `from ${begin.en} on` };
  const end = dayText(to);
  return { tr: `${begin.tr} – ${end.tr}`, en: `${begin.en} to ${end.en}` };
}

/** Whose cooperatives somebody looks after. */
export function areaText({ il, ministry }: Area): BothLanguages {
  const { en, tr } = MINISTRY_WORDS[ministry] ?? { tr: ministry, en: ministry };
  return il === null
    ? { tr: `${tr}, bütün iller`, en: `${en}, every province` }
    : { tr: `${tr}, ${il}`, en: `${en}, ${il}` };
}

/** What contradicts an appointment. */
export const MATTERS: Readonly<Record<DisagreementMatter, BothLanguages>> = {
  'appointee-on-board': {
    tr: 'KOOPBİS yetkilisi yönetim kurulunda da görünüyor',
    en: 'The appointee also sits on the board',
  },
  'board-gone': {
    tr: 'Yetkiliyi atayan yönetim kurulundan kimse kalmadı',
    en: 'Nobody is left of the board that appointed',
  },
  'appointed-while-in-liquidation': {
    tr: 'Kooperatif tasfiye hâlinde, yetkilisi duruyor',
    en: 'The cooperative is in liquidation, its appointee stands',
  },
  'appointed-under-trustee': {
    tr: 'Kooperatifte kayyım var, yetkilisi duruyor',
    en: 'A trustee is in office, the appointee stands',
  },
};

/** What a directorate can decide about it. */
export const SETTLEMENT_WORDS: Readonly<Record<Settlement, BothLanguages>> = {
  'appointment-stands': {
    tr: 'Atama geçerlidir; çelişkinin nedeni açıklandı',
    en: 'The appointment stands; what contradicts it is explained',
  },
  'board-applies-anew': {
    tr: 'Yönetim kurulu yeni kararla yeniden başvuracak',
    en: 'The board is to apply anew by a new decision',
  },
  'registry-to-be-corrected': {
    tr: 'MERSİS kaydı düzelttirilecek',
    en: 'The record in MERSİS is to be corrected',
  },
};

/** Persons of one page without their numbers: `*** (2)`, the same one for the same person. */
export function createMask(): (tag: string) => string {
  const known = new Map<string, number>();
  return (tag) => {
    const place = known.get(tag) ?? known.size + 1;
    known.set(tag, place);
    return `*** (${place})`;
  };
}
