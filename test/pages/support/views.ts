import { SIGN_IN_CODES } from '../../../src/errors/sign-in-code.js';
import type { Pages } from '../../../src/pages/pages.js';
import type { Views } from '../../../src/pages/views.js';

/** One page with data. `unshown`: members of the view that this page has no place for. */
export interface Example<Name extends keyof Views = keyof Views> {
  readonly name: Name;
  readonly label: string;
  readonly view: Views[Name];
  readonly unshown: readonly string[];
}

function example<Name extends keyof Views>(
  name: Name,
  label: string,
  view: Views[Name],
  unshown: readonly string[] = [],
): Example<Name> {
  return { name, label, view, unshown };
}

const AT = new Date('2026-03-02T08:05:00Z');
const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3"><path d="M0 0h1v1H0zM2 2h1v1H2z"/></svg>';
const NAMES = 'Ayşe Işık Öğütçü';

const ACCOUNT: Views['account'] = {
  names: NAMES,
  standing: [
    {
      text: {
        tr: 'Yönetim kurulu üyesi, S.S. Örnek Tarımsal Kalkınma Kooperatifi',
        en: 'Member of the board, S.S. Örnek Tarımsal Kalkınma Kooperatifi',
      },
      inForce: true,
    },
    {
      text: { tr: 'Denetçi, S.S. Deneme Yapı Kooperatifi', en: 'Auditor, S.S. Deneme Yapı Kooperatifi' },
      inForce: false,
    },
  ],
  sessions: [
    { sessionId: 'session-1', openedAt: AT, idleUntil: AT, applications: ['KOOPBİS'], isCurrent: true },
    { sessionId: 'session-2', openedAt: AT, idleUntil: AT, applications: [], isCurrent: false },
  ],
  device: { enrolledAt: AT, recoveryCodesLeft: 2 },
  csrf: 'form-token',
  applications: [{ name: 'KOOPBİS Ortak İşlemleri', url: 'https://koopbis.example/giris' }],
  notice: { version: '2026-1' },
};

/** Every page, in each of its forms. */
export const EXAMPLES: readonly Example[] = [
  ...SIGN_IN_CODES.map((code) =>
    example(
      'refused',
      code,
      {
        code,
        retryUrl: '/giris/adim/uid/yeniden',
        helpUrl: 'https://www.turkiye.gov.tr/',
        errorNo: '3f0c5c1e-0000-4000-8000-000000000001',
        inForceFrom: '2025-07-31',
      },
      code === 'TWO_STEP_REQUIRED' ? [] : ['inForceFrom'],
    ),
  ),
  example('refused', 'without-way-back', {
    code: 'TWO_STEP_REQUIRED',
    retryUrl: null,
    helpUrl: null,
    errorNo: '1',
    inForceFrom: null,
  }),
  example('announced', '', {
    action: '/giris/adim/uid',
    inForceFrom: '2025-07-31',
    helpUrl: 'https://www.turkiye.gov.tr/',
  }),
  example('notice', '', {
    action: '/giris/adim/uid',
    version: '2026-1',
    controller: 'T.C. Ticaret Bakanlığı',
    contact: 'Çankaya/Ankara',
  }),
  example('notice', 'for-reading', {
    action: null,
    version: '2026-1',
    controller: 'Bakanlık',
    contact: 'Ankara',
  }),
  example('told', '', { action: '/giris/adim/uid', names: NAMES, standing: [] }),
  example('told', 'with-seats', {
    action: '/giris/adim/uid',
    names: NAMES,
    standing: [
      {
        tr: 'Yönetim kurulu üyesi: S.S. Örnek Tarımsal Kalkınma Kooperatifi (tescil bekleniyor)',
        en: 'Board member: S.S. Örnek Tarımsal Kalkınma Kooperatifi (registration pending)',
      },
      {
        tr: 'Denetçi: S.S. Deneme Yapı Kooperatifi (görev süresi doldu)',
        en: 'Auditor: S.S. Deneme Yapı Kooperatifi (term ended)',
      },
    ],
  }),
  example('told', 'bare', { action: null, names: null, standing: [] }),
  example('step-up', '', {
    action: '/giris/adim/uid',
    problem: null,
    lockedUntil: null,
    enrolUrl: '/hesabim/ikinci-adim',
  }),
  example('step-up', 'wrong', {
    action: '/giris/adim/uid',
    problem: 'STEP_UP_WRONG_CODE',
    lockedUntil: null,
    enrolUrl: '/hesabim/ikinci-adim',
  }),
  example(
    'step-up',
    'locked',
    {
      action: '/giris/adim/uid',
      problem: 'STEP_UP_LOCKED',
      lockedUntil: AT,
      enrolUrl: '/hesabim/ikinci-adim',
    },
    ['action'],
  ),
  example('step-up-missing', '', { enrolUrl: '/hesabim/ikinci-adim', backUrl: '/giris/adim/uid' }),
  example('enrol', '', {
    csrf: 'form-token',
    shown: { qrSvg: QR, secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
    problem: null,
  }),
  example('enrol', 'wrong', {
    csrf: 'form-token',
    shown: null,
    problem: 'STEP_UP_WRONG_CODE',
  }),
  example('recovery-codes', '', {
    codes: Array.from({ length: 10 }, (_, index) => `k${index}fx-9m2q-7t4w`),
    continueUrl: '/hesabim',
  }),
  example('account', '', ACCOUNT),
  example('account', 'new', {
    ...ACCOUNT,
    names: null,
    standing: [],
    applications: [],
    device: { enrolledAt: null, recoveryCodesLeft: 0 },
  }),
  example('sign-out', '', { action: '/oidc/session/end/confirm', xsrf: 'xsrf-token' }),
  example('signed-out', '', {}),
];

/** File name and title of an example. */
export function titleOf({ name, label }: Example): string {
  return label === '' ? name : `${name}-${label.toLowerCase().replaceAll('_', '-')}`;
}

/** The document of an example. */
export function drawn(pages: Pages, { name, view }: Example): string {
  return pages.render(name, view as never);
}
