import { PROBLEMS } from '../../api/problem-texts.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Tone } from '../frame/parts.js';
import type { JobState } from '../jobs/port.js';

/** How far a job is, in words. */
export const JOB_STATES: Readonly<Record<JobState, { readonly mark: Tone; readonly text: BothLanguages }>> = {
  waiting: { mark: 'calm', text: { tr: 'Sırada', en: 'Queued' } },
  running: { mark: 'calm', text: { tr: 'Hazırlanıyor', en: 'In progress' } },
  done: { mark: 'good', text: { tr: 'Hazır', en: 'Ready' } },
  failed: { mark: 'problem', text: { tr: 'Yapılamadı', en: 'Failed' } },
  cancelled: { mark: 'warning', text: { tr: 'İptal edildi', en: 'Cancelled' } },
};

const OWN_CODES: Readonly<Record<string, BothLanguages>> = {
  FILE_TOO_LARGE: {
    tr: 'Dosya, tarayıcıya verilebilecek en büyük boyutu aşıyor. Daha kısa bir dönem seçin; daha uzun dönemler komut satırıyla alınır.',
    en: 'The file would be larger than a browser is given. Choose a shorter period; longer ones are for the command line.',
  },
  WRONG_USE: {
    tr: 'İstenen dönemde kayıt yok ya da dönemin bir bölümü arşivde. Başka bir dönem seçin; arşivdeki kayıtlar geri getirildikten sonra alınabilir.',
    en: 'No entry stands in this period, or a part of it is archived. Choose another one; archived entries can be had once they are brought back.',
  },
  TIMESTAMP_UNAVAILABLE: {
    tr: 'Zaman damgası alınamadığı için kanıt tamamlanamadı. Bir süre sonra yeniden deneyin.',
    en: 'No time stamp could be had, and without one the proof is not whole. Try again in a while.',
  },
  LOG_INCONSISTENT: {
    tr: 'Kayıtlar imzalandıkları hâlleriyle uyuşmuyor; hiçbir dosya verilmedi. Hemen sistem yöneticisine bildirin.',
    en: 'The entries are not as they were signed; no file was given out. Tell the administrator at once.',
  },
  INTERRUPTED: {
    tr: 'İş birkaç kez yarıda kesildiği için bırakıldı. Daha kısa bir dönemle yeniden deneyin ya da destek birimine bildirin.',
    en: 'The work was cut off several times and has been given up. Try a shorter period, or tell support.',
  },
};

/** Why a job failed, in words. */
export function jobFailure(code: string): BothLanguages {
  const own = Object.hasOwn(OWN_CODES, code) ? OWN_CODES[code] : undefined;
  if (own !== undefined) return own;
  const { en, tr } = Object.hasOwn(PROBLEMS, code)
    ? PROBLEMS[code as keyof typeof PROBLEMS]
    : PROBLEMS.INTERNAL;
  return { tr, en };
}

const UNITS = ['bayt', 'kB', 'MB', 'GB'] as const;

/** A size as people write it: `12,4 MB`. */
export function bytesText(bytes: number): BothLanguages {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  const number = unit === 0 ? String(size) : size.toFixed(1);
  const name = UNITS[unit] ?? '';
  return { tr: `${number.replace('.', ',')} ${name}`, en: `${number} ${unit === 0 ? 'bytes' : name}` };
}
