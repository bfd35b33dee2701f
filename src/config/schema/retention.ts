import { z } from 'zod';
import { text, whole } from './fields.js';

/** How long personal data in the log stay readable, and why (facts/fees-and-records.md §2). */
export const retentionSchema = z.strictObject({
  years: whole(1, 100)
    .default(10)
    .describe(
      'Whole years after the year of an entry. The term is not public; ten years is the working default, to be confirmed in writing.',
    ),
  legalGround: text(500)
    .default('KVKK m.5/2(ç), m.7; NVİ Kimlik Paylaşımı Sistemi kullanıcı kayıtları; Usul ve Esaslar m.17')
    .describe('The ground that stands in records of destruction and in answers to persons.'),
  everyDays: whole(1, 180)
    .default(30)
    .describe('How often terms that have ended are looked for; the law says at least every six months.'),
  proposalDays: whole(1, 60)
    .default(14)
    .describe('A proposal that no second officer confirms within this time is void.'),
});
