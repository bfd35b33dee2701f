import type { BothLanguages } from '../../pages/views.js';
import type { SystemState } from '../../telemetry/system-health.js';
import type { Tone } from '../frame/parts.js';

/** How a system stands, in words; `maintenance` is said by the windows, not by what was seen. */
export type ShownState = SystemState | 'maintenance' | 'silent';

export const STATE_WORDS: Readonly<Record<ShownState, BothLanguages & { readonly tone: Tone }>> = {
  up: { tr: 'Çalışıyor', en: 'Up', tone: 'good' },
  slow: { tr: 'Yavaş', en: 'Slow', tone: 'warning' },
  failing: { tr: 'Cevap vermiyor', en: 'Failing', tone: 'problem' },
  'breaker-open': {
    tr: 'Durduruldu (parola reddedildi)',
    en: 'Breaker open (password refused)',
    tone: 'problem',
  },
  unused: { tr: 'Henüz sorulmadı', en: 'Not asked yet', tone: 'calm' },
  maintenance: { tr: 'Bakımda', en: 'Maintenance', tone: 'warning' },
  silent: { tr: 'Bu süreçten haber yok', en: 'This instance is silent', tone: 'problem' },
};

const FAMILIES: Readonly<Record<string, BothLanguages>> = {
  kps: { tr: 'KPS (kimlik sorgusu)', en: 'KPS (identity queries)' },
  sts: { tr: 'KPS oturum belirteci (STS)', en: 'KPS token service (STS)' },
  'e-devlet': { tr: 'e-Devlet girişi', en: 'e-Devlet sign-in' },
  mersis: { tr: 'MERSİS', en: 'MERSİS' },
  tsa: { tr: 'Zaman damgası', en: 'Time stamps' },
};

/** `kps:birlik` in words, with the account or authority apart. */
export function systemWords(system: string): { readonly family: BothLanguages; readonly of: string | null } {
  const colon = system.indexOf(':');
  const name = colon === -1 ? system : system.slice(0, colon);
  return {
    family: FAMILIES[name] ?? { tr: name, en: name },
    of: colon === -1 ? null : system.slice(colon + 1),
  };
}
