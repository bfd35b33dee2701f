import { z } from 'zod';
import { email, identifier, ipAddress, isoDate, secret, text, whole } from './fields.js';
import { KPS_SERVICES } from './kps-services.js';
import { whenSound } from './when-sound.js';

const MAX_ACCOUNTS = 50;

const responsible = z.strictObject({
  name: text(200).describe('Name of the person, as told to NVİ.'),
  email: email().describe('E-mail address of the person, as told to NVİ.'),
});

const agreement = z
  .strictObject({
    services: z
      .array(z.enum(KPS_SERVICES))
      .min(1)
      .max(KPS_SERVICES.length)
      .describe(
        'The services named in the bilateral agreement (ikili anlaşma); any other is refused before it is asked.',
      ),
    validFrom: isoDate().describe('First day of the agreement.'),
    validUntil: isoDate().describe(
      'Last day of the agreement; access is suspended where the yearly renewal is missed.',
    ),
  })
  .refine((value) => value.validFrom <= value.validUntil, {
    error: 'validFrom must not be after validUntil',
  });

const budget = z
  .strictObject({
    quarterKurus: whole(1, Number.MAX_SAFE_INTEGER)
      .nullable()
      .default(null)
      .describe('What may be spent in a quarter, kuruş; null: not limited by money.'),
    quarterQueries: whole(1, Number.MAX_SAFE_INTEGER)
      .nullable()
      .default(null)
      .describe('How many queries may be sent in a quarter; null: not limited by number.'),
    stopAtPercent: whole(1, 1000)
      .default(100)
      .describe('At so many percent no further query leaves, until a second person lifts the stop.'),
  })
  .refine((value) => value.quarterKurus !== null || value.quarterQueries !== null, {
    error: 'must have one of quarterKurus, quarterQueries',
  });

const feeClassChange = z.strictObject({
  from: isoDate().describe('First day (Europe/Istanbul) in the class.'),
  feeClass: z.enum(['outside', 'paying']).describe('The class from then on.'),
});

/** Same mailbox, same string: case and `+tag` make no second address. */
function mailbox(address: string): string {
  const [local = '', domain = ''] = address.normalize('NFC').trim().toLowerCase().split('@');
  return `${local.split('+')[0]}@${domain}`;
}

function personName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLocaleUpperCase('tr');
}

const account = z
  .strictObject({
    id: identifier().describe('Name of the account; the fee book is kept by it.'),
    institution: text(200).describe('The receiving institution (alıcı kurum) of the agreement.'),
    feeClass: z
      .enum(['outside', 'paying'])
      .describe(
        '`outside`: general government, counted and billed zero; `paying`: everyone else. No default: it is money.',
      ),
    feeClassChanges: z
      .array(feeClassChange)
      .max(20)
      .default([])
      .describe('Where the class changes, from which day; what was booked before stays as it is.')
      .refine((rows) => new Set(rows.map(({ from }) => from)).size === rows.length, {
        error: 'must not name a day twice',
      }),
    budget: budget.nullable().default(null).describe('A limit for each quarter, none by default.'),
    userName: text(100).describe('User name that NVİ gave (KRM-…).'),
    password: secret().describe(
      'Its password. Refused once, it is not tried again by itself: the account could be locked.',
    ),
    staticIp: ipAddress().describe('The address that was declared to NVİ for this account.'),
    administrativeUser: responsible.describe('The administrative user towards NVİ.'),
    technicalUser: responsible.describe(
      'The technical user towards NVİ; must be another person with another e-mail address.',
    ),
    agreement: agreement.describe('What the bilateral agreement allows, and when.'),
  })
  .superRefine(
    (value, context) => {
      const { administrativeUser: one, technicalUser: other } = value;
      const say = (what: string, field: string) =>
        context.addIssue({
          code: 'custom',
          path: ['technicalUser', field],
          message: `administrative and technical user must be two persons: same ${what}`,
        });
      if (mailbox(one.email) === mailbox(other.email)) say('e-mail address', 'email');
      if (personName(one.name) === personName(other.name)) say('name', 'name');
    },
    { when: whenSound('administrativeUser', 'technicalUser') },
  );

/** One account = one agreement = one static IP = one fee class (DESIGN §1). */
export const accountsSchema = z
  .array(account)
  .max(MAX_ACCOUNTS)
  .default([])
  .describe('KPS accounts; none by default.');
