import { describe, expect, it } from '@jest/globals';
import { standingTexts } from '../../../src/sign-in/web/standing-texts.js';

const role = (name: string, more: object = {}) => ({
  role: name,
  ministry: null,
  il: null,
  mersisNo: null,
  ...more,
});

describe('who a person is for us, in words', () => {
  it('names seats first, each with its cooperative, and says which are in force', () => {
    const texts = standingTexts({
      seats: [
        { role: 'board', unvan: 'ÖRNEK KOOPERATİFİ', inForce: true, why: null },
        { role: 'denetci', unvan: 'BAŞKA KOOPERATİF', inForce: false, why: 'term-ended' },
      ],
      roles: [role('finance')],
    });
    expect(texts).toEqual([
      {
        text: { tr: 'Yönetim kurulu üyesi: ÖRNEK KOOPERATİFİ', en: 'Board member: ÖRNEK KOOPERATİFİ' },
        inForce: true,
      },
      {
        text: {
          tr: 'Denetçi: BAŞKA KOOPERATİF (görev süresi doldu)',
          en: 'Auditor: BAŞKA KOOPERATİF (term ended)',
        },
        inForce: false,
      },
      { text: { tr: 'Mali görevli', en: 'Finance officer' }, inForce: true },
    ]);
  });

  it.each([
    ['not-registered-yet', 'board', '(tescil bekleniyor)', '(registration pending)'],
    ['term-ended', 'board', '(görev süresi doldu)', '(term ended)'],
    ['legacy-ended', 'legacy-appointee', '(yeniden yetkilendirme gerekir)', '(to be appointed anew)'],
    ['suspended', 'appointee', '(yetki askıda)', '(suspended)'],
    [
      'no-seat',
      'denetci',
      '(sicilde artık görünmüyor veya kooperatifin durumu buna izin vermiyor)',
      '(no longer in the registry, or the cooperative’s status does not allow it)',
    ],
  ] as const)('says of a seat that gives nothing why: %s', (why, name, tr, en) => {
    const [only] = standingTexts({ seats: [{ role: name, unvan: 'X', inForce: false, why }], roles: [] });
    expect(only?.text.tr).toMatch(/: X \([^()]+\)$/);
    expect([only?.text.tr.slice(-tr.length), only?.text.en.slice(-en.length)]).toEqual([tr, en]);
    expect(only?.text.tr.match(/\(/g)).toHaveLength(1);
  });

  it('names the ministry, the province and the cooperative of a role, as far as it has them', () => {
    const [directorate, representative] = standingTexts({
      seats: [],
      roles: [
        role('directorate', { ministry: 'ticaret', il: 'Ankara' }),
        role('ministry-representative', { mersisNo: '0000000000000017' }),
      ],
    });
    expect(directorate?.text).toEqual({
      tr: 'İl müdürlüğü personeli, Ticaret Bakanlığı, Ankara',
      en: 'Provincial directorate, Ministry of Trade, Ankara',
    });
    expect(representative?.text.tr).toBe('Bakanlık temsilcisi, 0000000000000017');
  });

  it.each([
    'directorate',
    'ministry-central',
    'ministry-manager',
    'ministry-representative',
    'security-officer',
    'log-inspector',
    'finance',
    'administrator',
  ])('has words in both languages for the role %s', (name) => {
    const [only] = standingTexts({ seats: [], roles: [role(name)] });
    expect(only?.text.tr).not.toBe(name);
    expect(only?.text.en).not.toBe(name);
  });

  it('leaves a word that it does not know as it stands, and has nothing to say of nobody', () => {
    expect(standingTexts({ seats: [], roles: [role('yeni-rol', { ministry: 'yeni' })] })[0]?.text).toEqual({
      tr: 'yeni-rol, yeni',
      en: 'yeni-rol, yeni',
    });
    expect(standingTexts({ seats: [], roles: [] })).toEqual([]);
  });
});
