import type { RoleConflict } from '../../../authority/roles/refusal.js';
import type { BothLanguages } from '../../../pages/views.js';

/** Where a role came from. */
export const SOURCE_WORDS: Readonly<Record<string, BothLanguages>> = {
  decision: { tr: 'karar', en: 'decision' },
  registry: { tr: 'sicil', en: 'registry' },
};

/** Why a decision on a role conflicts with how things stand, and the field that it is told beside. */
export const CONFLICT_WORDS: Readonly<Record<RoleConflict, BothLanguages & { readonly field: string }>> = {
  'own-person': {
    field: 'kimlikNo',
    tr: 'Kimse kendine rol veremez.',
    en: 'Nobody grants a role to oneself.',
  },
  'pair-forbidden': {
    field: 'kimlikNo',
    tr: 'Bu kişide, bu rolle bir arada bulunamayacak bir rol var (görevler ayrılığı).',
    en: 'The person holds a role that must not meet with this one (separation of duties).',
  },
  'holds-seat': {
    field: 'kimlikNo',
    tr: 'Karar verenin ya da gönderilecek kişinin bu kooperatifte görevi var.',
    en: 'Who decides, or who is to be sent, holds a seat at this cooperative.',
  },
  'already-held': { field: 'kimlikNo', tr: 'Bu kişide bu rol zaten var.', en: 'The person holds this role.' },
  'not-held': { field: 'kimlikNo', tr: 'Bu rol bu kişide değil.', en: 'The person does not hold this role.' },
  'outside-own-ministry': {
    field: 'bakanlik',
    tr: 'Bu rol başka bir bakanlığın.',
    en: 'The role belongs to another ministry.',
  },
  'outside-own-area': {
    field: 'mersisNo',
    tr: 'Kooperatif başka bir bakanlığın ya da başka bir ilin.',
    en: 'The cooperative belongs to another ministry or another il.',
  },
  'cooperative-unknown': {
    field: 'mersisNo',
    tr: 'Böyle bir kooperatif bilinmiyor.',
    en: 'No such cooperative is known.',
  },
  'days-invalid': {
    field: 'bas',
    tr: 'Bir genel kurulun günleri en çok yedi gündür, geçmişte ya da doksan günden ileride olamaz.',
    en: 'An assembly takes seven days at the most, is not over, and at most ninety days ahead.',
  },
  'administrator-exists': { field: 'rol', tr: 'Zaten bir yönetici var.', en: 'There is an administrator.' },
  'last-administrator': {
    field: 'kimlikNo',
    tr: 'Rol verecek kimse kalmazdı: önce başka bir yönetici atayın.',
    en: 'Nobody would be left to grant roles: grant another administrator first.',
  },
  'last-second-person': {
    field: 'kimlikNo',
    tr: 'İkinci kişi olabilecek kimse kalmazdı: önce başka bir yönetici ya da güvenlik görevlisi atayın.',
    en: 'Nobody would be left who could be the second person: grant another administrator or security officer first.',
  },
};

/** Whether a closed word is the reason of a conflict of roles. */
export function isRoleConflict(reason: string | null): reason is RoleConflict {
  return reason !== null && Object.hasOwn(CONFLICT_WORDS, reason);
}

/** The words of a conflict. */
export function conflictText(reason: RoleConflict): BothLanguages {
  const { en, tr } = CONFLICT_WORDS[reason];
  return { tr, en };
}

/** Refusals that are no slip of the pen: they are refused as such, with an entry; what was typed comes back all the same. */
export const GRAVE_CONFLICTS: Readonly<
  Partial<
    Record<RoleConflict, { readonly code: 'STATE_CONFLICT' | 'OUTSIDE_OWN_AREA'; readonly status: number }>
  >
> = {
  'own-person': { code: 'STATE_CONFLICT', status: 409 },
  'holds-seat': { code: 'STATE_CONFLICT', status: 409 },
  'outside-own-ministry': { code: 'OUTSIDE_OWN_AREA', status: 403 },
  'outside-own-area': { code: 'OUTSIDE_OWN_AREA', status: 403 },
};
