import { expect, it } from '@jest/globals';
import { cutTable } from '../../../src/console/finance/quarter/cut-tables.js';
import { documentOf, lineOf } from '../../fees/export/support/statements.js';

it('a cut by ministry, purpose or unit shows names, and a code that nobody knows as it is', () => {
  const { accounts } = documentOf([
    lineOf(0, { ministry: 'cevre', purpose: 'ortak-kayit', unit: 'kooperatif' }),
    lineOf(1, { ministry: 'yok', purpose: 'yok', unit: 'yok/Iğdır' }),
  ]);
  const keys = (['ministry', 'purpose', 'unit'] as const).map((cut) =>
    cutTable('2026-Q3', accounts, cut).rows.map((row) => row[2]),
  );
  expect(keys).toMatchObject([
    [{ tr: 'Çevre, Şehircilik ve İklim Değişikliği Bakanlığı' }, 'yok'],
    [{ tr: 'Ortak kaydı', en: 'Registering a member' }, 'yok'],
    [{ tr: 'kooperatif kullanıcıları', en: 'users of cooperatives' }, 'yok/Iğdır'],
  ]);
});
