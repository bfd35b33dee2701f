import type { AuthorityFacts, CooperativeFacts, Seat, StaffRole } from '../../../src/authority/facts.js';
import type { FeeClass, TariffSwitch } from '../../../src/fees/tariff/tariff.js';
import { KimlikNo, kimlikCheckDigits } from '../../../src/person/kimlik-no.js';
import { ACR_TWO_STEP, type SignedIn } from '../../../src/sign-in/access-tokens.js';
import type { Attempt, CallingClient, Question } from '../../../src/verification/question.js';
import type { AccountRules, Rules } from '../../../src/verification/rules.js';

/** Made-up numbers with sound check digits. */
export const digitsOf = (nine: string): string => nine + kimlikCheckDigits(nine);

export function person(nine: string): KimlikNo {
  const parsed = KimlikNo.parse(digitsOf(nine));
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}

export const BOARD = '200000001';
export const SUBJECT = '300000002';
export const MERSIS = '0000000000000017';
export const NOW = new Date('2026-05-04T09:00:00.000Z');
export const TODAY = '2026-05-04';

/** The rows that were in force by law alone, as a new database has them. */
export const TARIFF: readonly TariffSwitch[] = [
  {
    id: 'rg-26296',
    from: '2006-09-21',
    amountKurus: 1,
    basis: 'per-query',
    service: null,
    gazette: 'RG 26296',
    inputs: [],
  },
  {
    id: 'rg-27399',
    from: '2009-11-07',
    amountKurus: 2,
    basis: 'per-query',
    service: null,
    gazette: 'RG 27399',
    inputs: [],
  },
];

/** An account named by its class, with an agreement in force. */
export function account(feeClass: FeeClass, changes: Partial<AccountRules> = {}): AccountRules {
  return {
    id: feeClass,
    institution: `Kurum ${feeClass}`,
    feeClass,
    feeClassChanges: [],
    budget: null,
    agreement: {
      services: ['BilesikKutukSorgulaKimlikNoServis'],
      validFrom: '2025-01-01',
      validUntil: '2027-12-31',
    },
    ...changes,
  };
}

export const RULES: Rules = {
  instance: 'bridge-1',
  service: { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' },
  purposes: new Map([
    [
      'ortak-kayit',
      {
        code: 'ortak-kayit',
        legalGround: 'm.9(3)',
        roles: ['board', 'appointee'],
        services: ['BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'],
      },
    ],
    [
      'resen-kontrol',
      {
        code: 'resen-kontrol',
        legalGround: '1163 m.90',
        roles: ['directorate', 'ministry-central'],
        services: ['BilesikKutukSorgulaKimlikNoServis'],
      },
    ],
    [
      'genel-kurul',
      { code: 'genel-kurul', legalGround: 'm.11', roles: ['board'], services: ['TumKutukDogrulaServis'] },
    ],
  ]),
  accounts: new Map((['outside', 'paying'] as const).map((feeClass) => [feeClass, account(feeClass)])),
  feeInputs: [
    { service: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01', inputs: 2 },
    { service: 'TumKutukDogrulaServis', version: '2025/08/01', inputs: 4 },
  ],
  authority: { staleAfterHours: 48, nothingAfterHours: 96, afterTermDays: 0 },
  nonMatchesPerPersonPerDay: 3,
  queriesPerUserPerMinute: 1000,
  queriesPerUserPerDay: 10_000,
  answerDeadlineMs: 15_000,
  kpsTimeoutMs: 8000,
  idempotencyHours: 24,
  twoStepFrom: '2025-07-31',
};

export const CLIENT: CallingClient = {
  id: 'union-portal',
  institution: 'Birlik',
  account: 'paying',
  permissions: ['identity'],
  requestsPerMinute: 100_000,
};

export const QUESTION: Question = {
  purpose: 'ortak-kayit',
  cooperative: MERSIS,
  reference: '2026/17',
  retryOf: null,
  subject: { kimlikNo: digitsOf(SUBJECT), ad: 'Ayşe', soyad: 'Yılmaz', dogumTarihi: '1980-02-29' },
};

export const SIGNED_IN: SignedIn = {
  sessionId: '11111111-1111-4111-8111-111111111111',
  person: person(BOARD),
  tag: Buffer.alloc(16, 1),
  acr: ACR_TWO_STEP,
  authTime: NOW,
};

export const COOPERATIVE: CooperativeFacts = {
  mersisNo: MERSIS,
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  durum: 'faal',
  suspended: false,
  underTrustee: false,
  hasBoard: true,
  version: 7,
  readAt: NOW,
};

export const seat = (changes: Partial<Seat> = {}): Seat => ({
  seatId: '22222222-2222-4222-8222-222222222222',
  role: 'board',
  startsOn: '2024-01-01',
  endsOn: '2028-01-01',
  registeredOn: '2024-01-05',
  goneOn: null,
  ...changes,
});

export const staff = (changes: Partial<StaffRole> = {}): StaffRole => ({
  roleId: '33333333-3333-4333-8333-333333333333',
  role: 'directorate',
  ministry: 'ticaret',
  il: 'Ankara',
  mersisNo: null,
  startsOn: null,
  endsOn: null,
  ...changes,
});

export const factsOf = (changes: Partial<AuthorityFacts> = {}): AuthorityFacts => ({
  cooperative: COOPERATIVE,
  // Seats are the cooperative's own where nothing else is said.
  seatedAt: changes.cooperative === undefined ? COOPERATIVE : changes.cooperative,
  seats: [],
  roles: [],
  ...changes,
});

export const attemptOf = (changes: Partial<Attempt> = {}): Attempt => ({
  client: CLIENT,
  certificateSha256: Buffer.alloc(32, 9),
  tokenHash: Buffer.alloc(32, 8),
  queryId: '44444444-4444-4444-8444-444444444444',
  messageId: '55555555-5555-4555-8555-555555555555',
  receivedAt: NOW,
  headers: { idempotencyKey: null, screen: 'ORT-01', userAddress: '192.0.2.7', requestId: 'r-1' },
  question: { ok: true, value: QUESTION },
  ...changes,
});
