import { PROBLEMS } from '../../api/problem-texts.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { ProblemCode } from '../../errors/problem-code.js';
import type { BothLanguages } from '../../pages/views.js';
import { ConsoleRefusal } from './console-problem.js';
import type { Page, Part } from './parts.js';

/** How an error is told: on a page, and in the entry where it is a refusal. */
export interface ToldProblem {
  readonly status: number;
  readonly code: ProblemCode | 'FORM_INVALID' | 'LEGAL_HOLD';
  /** Closed word beside the code. */
  readonly reason: string | null;
  /** False: nobody was refused; something of ours failed. */
  readonly isRefusal: boolean;
}

const FORM_INVALID = {
  status: 403,
  tr: 'Bu form bu oturumda açılmış bir sayfadan gelmedi ya da eskimiş. Sayfayı yeniden açıp tekrar gönderin.',
  en: 'This form did not come from a page of this session, or is too old. Open the page again and send it once more.',
} as const;
const LEGAL_HOLD = {
  status: 409,
  tr: 'Bu kişinin bu yıllardaki verileri yasal tutma altındadır; imha edilemez. Hiçbir şey değişmedi.',
  en: 'A legal hold keeps data of this person and these years: they cannot be destroyed. Nothing has changed.',
} as const;
/** Problems that only pages of the console tell of. */
const OWN_PROBLEMS = { FORM_INVALID, LEGAL_HOLD } as const;
const WORD = /^[a-z][a-z-]{0,59}$/;

/** The problem of whatever a handler threw; what nobody foresaw is `INTERNAL`. */
export function problemOf(error: unknown): ToldProblem {
  if (error instanceof ConsoleRefusal) {
    const { code, reason } = error;
    return { status: textOf(code).status, code, reason, isRefusal: true };
  }
  const code = codeOf(error);
  const { status } = textOf(code);
  return { status, code, reason: reasonOf(error), isRefusal: status < 500 && code !== 'INTERNAL' };
}

function codeOf(error: unknown): ProblemCode | 'LEGAL_HOLD' {
  if (isBridgeError(error, 'AUDIT_UNAVAILABLE', 'DATABASE_UNAVAILABLE', 'COMMIT_UNKNOWN'))
    return 'AUDIT_UNAVAILABLE';
  if (isBridgeError(error, 'AUDIT_OVERLOADED')) return 'OVERLOADED';
  if (isBridgeError(error, 'LEGAL_HOLD')) return 'LEGAL_HOLD';
  if (isBridgeError(error, 'KEY_DESTROYED')) return 'STATE_CONFLICT';
  if (isBridgeError(error, 'WRONG_USE')) return 'REQUEST_INVALID';
  if (isBridgeError(error) && Object.hasOwn(PROBLEMS, error.code)) return error.code as ProblemCode;
  return 'INTERNAL';
}

function reasonOf(error: unknown): string | null {
  const reason = isBridgeError(error) ? error.fields.reason : undefined;
  return typeof reason === 'string' && WORD.test(reason) ? reason : null;
}

/** Status of a problem, and what happened in words. */
function textOf(code: ToldProblem['code']): BothLanguages & { readonly status: number } {
  return code === 'FORM_INVALID' || code === 'LEGAL_HOLD' ? OWN_PROBLEMS[code] : PROBLEMS[code];
}

/** The page of an error; `requestId` is the number that finds the line in the process's own log, and the entry. */
export function problemPage({ code, status }: ToldProblem, requestId: string): Page {
  const { en, tr } = textOf(code);
  const title =
    status >= 500
      ? { tr: 'Sayfa şu anda gösterilemiyor', en: 'This page cannot be shown just now' }
      : { tr: 'Bu işlem yapılamadı', en: 'This could not be done' };
  return {
    title,
    help: {
      tr: 'İşleminiz kabul edilmedi ya da tamamlanamadı. Aşağıda nedeni ve destek birimine söyleyeceğiniz numara yazar.',
      en: 'What you asked for was not accepted or could not be finished. Below stand the reason and the number to tell support.',
    },
    parts: [
      { part: 'notice', tone: status >= 500 ? 'warning' : 'problem', text: { tr, en } },
      {
        part: 'facts',
        rows: [
          { label: { tr: 'Kod', en: 'Code' }, value: { code } },
          { label: { tr: 'Hata numarası', en: 'Error number' }, value: { code: requestId } },
        ],
      },
      {
        part: 'links',
        label: { tr: 'Devam', en: 'Go on' },
        links: [
          { href: '/konsol', text: { tr: 'Konsolun başına dön', en: 'Back to the console' }, kind: 'second' },
        ],
      },
    ],
  };
}

/**
 * The second step is missing: it is done in another tab, and what was typed is sent once more from here. `typed` null: it cannot be kept (a file),
 * and the form is filled in again on its own page.
 */
export function stepUpPage(
  action: string,
  stepUpUrl: string,
  typed: readonly (readonly [string, string])[] | null,
  requestId: string,
): Page {
  const again: Part =
    typed === null
      ? {
          part: 'links',
          label: { tr: 'Form', en: 'Form' },
          links: [
            {
              href: action,
              text: {
                tr: 'Forma dön ve dosyayı yeniden seç',
                en: 'Back to the form, to choose the file again',
              },
              kind: 'second',
            },
          ],
        }
      : {
          part: 'form',
          action,
          method: 'post',
          fields: [],
          typed,
          submit: { tr: 'İşlemi yeniden gönder', en: 'Send it once more' },
        };
  return {
    title: { tr: 'Önce ikinci adım gerekiyor', en: 'The second step is needed first' },
    help:
      typed === null
        ? {
            tr: 'Bu işlem, oturumunuzda ikinci adımın az önce doğrulanmış olmasını ister. Dosya hiçbir sayfada tutulmaz; yeniden seçilir.',
            en: 'This needs a fresh second step in your session. No page keeps a file: it is chosen again.',
          }
        : {
            tr: 'Bu işlem, oturumunuzda ikinci adımın az önce doğrulanmış olmasını ister. Yazdıklarınız bu sayfada korunur.',
            en: 'This needs a fresh second step in your session. What you typed is kept on this page.',
          },
    parts: [
      {
        part: 'notice',
        tone: 'warning',
        text: { tr: 'İşlem henüz yapılmadı.', en: 'Nothing has been done yet.' },
        list: [
          {
            tr: 'Önce ikinci adımı doğrulayın; yeni bir sekmede açılır.',
            en: 'First give the second step; it opens in a new tab.',
          },
          typed === null
            ? {
                tr: 'Sonra bu sekmeye dönüp forma gidin ve dosyayı yeniden seçin.',
                en: 'Then come back to this tab, go to the form and choose the file again.',
              }
            : {
                tr: 'Sonra bu sekmeye dönüp işlemi yeniden gönderin.',
                en: 'Then come back to this tab and send it once more.',
              },
        ],
      },
      {
        part: 'links',
        label: { tr: 'İkinci adım', en: 'Second step' },
        links: [
          {
            href: stepUpUrl,
            text: { tr: 'İkinci adımı doğrula (yeni sekme)', en: 'Give the second step (new tab)' },
            kind: 'main',
            newTab: true,
          },
        ],
      },
      again,
      numberFact(requestId),
    ],
  };
}

function numberFact(requestId: string): Part {
  return {
    part: 'facts',
    rows: [{ label: { tr: 'Hata numarası', en: 'Error number' }, value: { code: requestId } }],
  };
}
