import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { ListedSession } from '../../../sign-in/list-sessions.js';
import type { Cell, Page, Part, Text } from '../../frame/parts.js';
import { type FieldErrors, kimlikField, reasonField, withQuery } from '../staff-fields.js';

export const SESSIONS_PATH = '/konsol/yonetim/oturumlar';
const STEP_UP_PATH = '/konsol/yonetim/ikinci-adim';
/** Counted no further. */
export const COUNTED = 100_000;

/** Which of the forms was filled in, with what. */
export interface TypedSessions {
  readonly form: 'find' | 'end' | 'reset' | null;
  readonly kimlikNo: string;
  readonly reason: string;
  readonly errors: FieldErrors;
}

export const NOTHING_TYPED: TypedSessions = { form: null, kimlikNo: '', reason: '', errors: {} };

/** All that the page shows. `found` null: nobody was looked for; `sessions` null there: the look is gone. */
export interface SessionsView {
  readonly living: number;
  readonly found: { readonly look: string; readonly sessions: readonly ListedSession[] | null } | null;
  /** The session that is to be ended. */
  readonly ending: string | null;
  /** Whether who looks may end sessions, and take a second step away. */
  readonly mayEnd: boolean;
  readonly typed: TypedSessions;
}

/** How many sessions live; those of one person, each to be ended for a reason; a lost second step. */
export function sessionsPage(view: SessionsView): Page {
  const { ending, found, living, mayEnd, typed } = view;
  return {
    title: { tr: 'Oturumlar', en: 'Sessions' },
    help: {
      tr: 'Bir kişinin açık oturumlarını numarasıyla bulun; kimin kimi aradığı kayda geçer. Kapatılan oturumla o oturumdan alınmış her şey biter.',
      en: 'Find a person’s living sessions by the number; who looked for whom stands in the log. With a session that is ended everything ends that it gave.',
    },
    parts: [
      {
        part: 'tiles',
        tiles: [{ label: { tr: 'Açık oturum', en: 'Living sessions' }, value: countText(living) }],
      },
      findForm(typed),
      ...(found === null ? [] : foundParts(found, mayEnd)),
      ...(ending === null || found === null || !mayEnd ? [] : [endForm(ending, found.look, typed)]),
      ...(mayEnd ? [resetForm(typed)] : []),
    ],
  };
}

function countText(living: number): Text {
  const count = formatCount(living);
  return living < COUNTED ? count : { tr: `en az ${count}`, en: `at least ${count}` };
}

function typedFor(form: TypedSessions['form'], typed: TypedSessions): TypedSessions {
  return typed.form === form ? typed : NOTHING_TYPED;
}

function findForm(all: TypedSessions): Part {
  const { errors, kimlikNo } = typedFor('find', all);
  return {
    part: 'form',
    legend: { tr: 'Bir kişinin oturumlarını bul', en: 'Find a person’s sessions' },
    action: SESSIONS_PATH,
    method: 'post',
    fields: [kimlikField(kimlikNo, errors.kimlikNo)],
    submit: { tr: 'Bul', en: 'Find' },
  };
}

function foundParts(
  { look, sessions }: NonNullable<SessionsView['found']>,
  mayEnd: boolean,
): readonly Part[] {
  if (sessions === null)
    return [
      {
        part: 'notice',
        tone: 'calm',
        text: {
          tr: 'Bu aramanın süresi doldu; numarayı yeniden yazın.',
          en: 'This look-up is over; write the number again.',
        },
      },
    ];
  return [
    {
      part: 'table',
      caption: { tr: 'Aranan kişinin açık oturumları', en: 'Living sessions of that person' },
      columns: [
        { label: { tr: 'Oturum', en: 'Session' } },
        { label: { tr: 'Açıldı', en: 'Opened' } },
        { label: { tr: 'Kullanılmazsa biter', en: 'Ends when unused' } },
        { label: { tr: 'En geç biter', en: 'Ends at the latest' } },
        { label: { tr: 'Uygulamalar', en: 'Applications' } },
        { label: { tr: 'İşlem', en: 'Action' } },
      ],
      rows: sessions.map(({ clients, expiresAt, idleUntil, openedAt, sessionId }): readonly Cell[] => [
        { code: sessionId },
        momentText(openedAt),
        momentText(idleUntil),
        momentText(expiresAt),
        clients.length === 0 ? '–' : { lines: clients },
        mayEnd
          ? {
              href: withQuery(SESSIONS_PATH, { bakis: look, kapat: sessionId }),
              text: { tr: 'Kapat…', en: 'End…' },
            }
          : '–',
      ]),
      empty: { tr: 'Bu kişinin açık oturumu yok.', en: 'This person has no living session.' },
    },
  ];
}

function endForm(session: string, look: string, all: TypedSessions): Part {
  const { errors, reason } = typedFor('end', all);
  return {
    part: 'form',
    legend: { tr: `Oturumu kapat: ${session}`, en: `End the session ${session}` },
    action: `${SESSIONS_PATH}/${session}/kapat`,
    method: 'post',
    hidden: { bakis: look },
    fields: [reasonField(reason, errors.neden)],
    submit: { tr: 'Oturumu kapat', en: 'End the session' },
    grave: true,
  };
}

function resetForm(all: TypedSessions): Part {
  const { errors, kimlikNo, reason } = typedFor('reset', all);
  const parts: readonly Part[] = [
    {
      part: 'text',
      text: {
        tr: 'Telefonunu kaybeden kişinin ikinci adımı kaldırılır; yeni bir girişten sonra kendisi yeniden kurar.',
        en: 'The second step of a person who lost the telephone is taken away; after a fresh sign-in they set up a new one.',
      },
    },
    {
      part: 'form',
      legend: { tr: 'İkinci adımı kaldır', en: 'Take a second step away' },
      action: STEP_UP_PATH,
      method: 'post',
      fields: [kimlikField(kimlikNo, errors.kimlikNo), reasonField(reason, errors.neden)],
      submit: { tr: 'İkinci adımı kaldır', en: 'Take it away' },
      grave: true,
    },
  ];
  return { part: 'more', summary: { tr: 'Kaybolan ikinci adım', en: 'A lost second step' }, parts };
}
