import type { AccessRow, Audience } from '../access-row.js';

/** Whoever proposes or decides what needs two persons. */
const DECIDERS: Audience = [
  'security-officer',
  'finance',
  'administrator',
  'ministry-manager',
  'directorate',
];

/** Everyone's own pages, and what each person with a role shares. */
export const COMMON_ACCESS = {
  home: {
    room: 'common',
    method: 'GET',
    path: '/konsol',
    audience: 'signed-in',
    entry: 'none',
    nav: { tr: 'Başlangıç', en: 'Start' },
  },
  parts: { room: 'common', method: 'GET', path: '/konsol/parcalar', audience: 'anyone', entry: 'none' },
  language: { room: 'common', method: 'GET', path: '/konsol/dil', audience: 'anyone', entry: 'none' },
  returned: { room: 'common', method: 'GET', path: '/konsol/don', audience: 'anyone', entry: 'none' },
  help: {
    room: 'common',
    method: 'GET',
    path: '/konsol/yardim',
    audience: 'signed-in',
    entry: 'none',
    nav: { tr: 'Yardım', en: 'Help' },
  },
  sessions: {
    room: 'common',
    method: 'GET',
    path: '/konsol/oturumlarim',
    audience: 'signed-in',
    entry: 'none',
    nav: { tr: 'Oturumlarım ve ikinci adım', en: 'My sessions and second step' },
  },
  'sessions.end': {
    room: 'common',
    method: 'POST',
    path: '/konsol/oturumlarim/kapat',
    audience: 'signed-in',
    entry: 'own',
  },
  'own-queries': {
    room: 'common',
    method: 'GET',
    path: '/konsol/sorgularim',
    audience: 'signed-in',
    entry: 'router',
    nav: { tr: 'Sorgularım', en: 'My look-ups' },
  },
  jobs: {
    room: 'common',
    method: 'GET',
    path: '/konsol/isler',
    audience: 'signed-in',
    entry: 'none',
    nav: { tr: 'İşlerim', en: 'My work' },
  },
  job: { room: 'common', method: 'GET', path: '/konsol/isler/:job', audience: 'signed-in', entry: 'none' },
  'job.file': {
    room: 'common',
    method: 'GET',
    path: '/konsol/isler/:job/dosya',
    audience: 'signed-in',
    entry: 'router',
  },
  'job.cancel': {
    room: 'common',
    method: 'POST',
    path: '/konsol/isler/:job/iptal',
    audience: 'signed-in',
    entry: 'router',
  },
  decisions: {
    room: 'common',
    method: 'GET',
    path: '/konsol/kararlar',
    audience: DECIDERS,
    entry: 'router',
    nav: { tr: 'Bekleyen kararlar', en: 'Waiting decisions' },
  },
  decision: {
    room: 'common',
    method: 'GET',
    path: '/konsol/kararlar/:proposal',
    audience: DECIDERS,
    entry: 'router',
  },
  // Which second step it needs depends on the matter: the handler asks.
  'decision.decide': {
    room: 'common',
    method: 'POST',
    path: '/konsol/kararlar/:proposal',
    audience: DECIDERS,
    entry: 'router',
  },
} as const satisfies Readonly<Record<string, AccessRow>>;
