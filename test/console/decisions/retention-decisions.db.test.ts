import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sideTag } from '../../../src/audit/person-keys.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { valueFrom } from '../../../src/audit/retention/exclusive-lane.js';
import { createPlaceHoldLane } from '../../../src/audit/retention/holds.js';
import { istanbulYear } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { retentionOfficer, retentionTools } from '../../../src/house/retention-tools.js';
import { asOwner } from '../../audit/support/log.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { numberedDraft } from '../../support/drafts.js';
import { Inbox, offered, partsOf } from './support.js';

const YEAR = istanbulYear(new Date());
const SUBJECT = 40;

let inbox: Inbox;
let first: ConsolePerson;
let second: ConsolePerson;

beforeAll(async () => {
  inbox = await Inbox.open();
  [first, second] = [await inbox.security(1), await inbox.security(2)];
});
afterAll(async () => {
  await inbox.close();
});

const destroy = (n = SUBJECT) =>
  inbox.proposeRetention(first, {
    terms: {
      what: 'destroy',
      decision: { authority: 'court', date: '2026-05-04', number: '2026/123 E.' },
      side: 'both',
      yearFrom: YEAR,
      yearTo: YEAR,
    },
    subject: personOf(n),
  });
const keysOf = async (n: number) => {
  const tags = (['actor', 'subject'] as const).map((side) =>
    sideTag(inbox.desk.log.tagger, side, personOf(n)),
  );
  return (await inbox.desk.sql('SELECT 1 FROM bridge.person_key WHERE tag = ANY($1::bytea[])', [tags]))
    .length;
};
const askAbout = (n: number) =>
  inbox.desk.log.appender.submit(
    plainLane,
    numberedDraft(1, [numberOf('actor', 41), numberOf('subject', n)]),
  );
const kisi = (n: number) => ({ kisi: digitsOf(n) });

async function placeHold(n: number): Promise<string> {
  const officer = { ...first.officer, role: 'security-officer' };
  const lane = createPlaceHoldLane(retentionTools(inbox.desk, officer));
  const hold = {
    officer: retentionOfficer(officer),
    subject: personOf(n),
    yearFrom: YEAR,
    yearTo: YEAR,
    document: { authority: 'Ankara 3. Ağır Ceza', date: '2026-05-04', number: '2026/7' },
    reason: 'yazı gereği',
  };
  return valueFrom(await inbox.desk.log.appender.submit(lane, hold)).id;
}

describe('destruction', () => {
  it('shows what it rests on and covers, asks for the number again, and shows nobody’s', async () => {
    const id = await destroy();
    const page = await inbox.show(second, id);
    expect(offered(page.parts)).toEqual(['approve', 'refuse']);
    const [approve] = partsOf(page.parts, 'form');
    expect(approve?.fields[0]).toMatchObject({ name: 'kisi', required: true, personal: true });
    const html = inbox.desk.html(page, second);
    for (const text of [
      '2026/123 E.',
      'Mahkeme kararı',
      'kararın gereği',
      'sorgulayan ve sorgulanan olarak',
      'güvenlik görevlisi',
    ])
      expect(html).toContain(text);
    for (const n of [1, 2, SUBJECT]) expect(html).not.toContain(digitsOf(n));
    const list = inbox.desk.html(await inbox.list(second), second);
    expect(list).not.toContain(digitsOf(SUBJECT));
    expect(await inbox.listed(first)).toEqual([[id, 'Sizin öneriniz: ikinci kişi karar verecek']]);
    expect(offered((await inbox.show(first, id)).parts)).toEqual(['withdraw']);
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('withdrawn');
    const html2 = inbox.desk.html(await inbox.show(second, id), second);
    expect(html2).toContain('Geri çekildi');
    expect(await inbox.listed(second)).toEqual([]);
  });

  it('is done where the second officer types the same person, once', async () => {
    await askAbout(SUBJECT);
    expect(await keysOf(SUBJECT)).toBeGreaterThan(0);
    const id = await destroy();
    const answer = await inbox.decide(second, id, 'approve', kisi(SUBJECT));
    expect(answer).toEqual({ kind: 'see-other', to: `/konsol/kararlar/${id}`, told: 'approved' });
    expect(await keysOf(SUBJECT)).toBe(0);
    const [entry] = await inbox.desk.lastEntries(1);
    expect(entry).toMatchObject({ kind: 'retention.destroyed', data: { proposal: id, rule: 'decision' } });
    for (const person of [first, second]) {
      const html = inbox.desk.html(await inbox.show(person, id), person);
      expect(html).toContain('Onaylandı ve uygulandı');
    }
    expect(await inbox.outcome(second, id, 'approve', kisi(SUBJECT))).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'hayır' })).toBe('STATE_CONFLICT');
  });

  it.each([
    ['', 'geçerli bir kimlik numarası'],
    ['123', 'geçerli bir kimlik numarası'],
    [digitsOf(43), 'aynı değil'],
  ])('is not done on another number, which comes back beside the field: case %#', async (typed, says) => {
    await askAbout(42);
    const id = await destroy(42);
    const keys = await keysOf(42);
    const answer = await inbox.decide(second, id, 'approve', { kisi: typed });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    if (answer.kind !== 'page') throw new Error('no page');
    const [field] = partsOf(answer.page.parts, 'form')[0]?.fields ?? [];
    expect(field).toMatchObject({ name: 'kisi', value: typed, error: { tr: expect.stringContaining(says) } });
    expect(await keysOf(42)).toBe(keys);
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'yanlış kişi' })).toBe('refused');
    expect(await keysOf(42)).toBe(keys);
    const html = inbox.desk.html(await inbox.show(first, id), first);
    expect(html).toContain('yanlış kişi');
    expect(html).toContain('Reddedildi');
  });

  it('is not done by who proposed it, who is told so by the log; nor withdrawn by another', async () => {
    await askAbout(44);
    const id = await destroy(44);
    const again = await inbox.security(1);
    for (const person of [first, again]) {
      expect(await inbox.outcome(person, id, 'approve', kisi(44))).toBe('SECOND_PERSON_REQUIRED');
      expect((await inbox.desk.lastEntries(1))[0]).toMatchObject({
        kind: 'retention.refused',
        data: { code: 'same-person', proposal: id },
      });
      expect(await inbox.outcome(person, id, 'refuse', { reason: 'hayır' })).toBe('SECOND_PERSON_REQUIRED');
    }
    expect(await inbox.outcome(second, id, 'withdraw')).toBe('STATE_CONFLICT');
    expect(await keysOf(44)).toBeGreaterThan(0);
    expect(await inbox.outcome(again, id, 'withdraw')).toBe('withdrawn');
  });

  it('is not done where a hold was placed meanwhile, nor once its time is over', async () => {
    await askAbout(45);
    const id = await destroy(45);
    expect(JSON.stringify(await inbox.show(second, id))).not.toContain('yasal tutma altında');
    await placeHold(45);
    expect(JSON.stringify(await inbox.show(second, id))).toContain('yasal tutma altında');
    const answer = await inbox.decide(second, id, 'approve', { ...kisi(45), reason: 'karara uygun' });
    expect(answer).toMatchObject({
      ...{ kind: 'page', status: 409, refused: { code: 'LEGAL_HOLD', reason: null } },
    });
    if (answer.kind !== 'page') throw new Error('no page');
    const html = inbox.desk.html(answer.page, second);
    for (const text of ['yasal tutma altında', 'karara uygun', digitsOf(45)]) expect(html).toContain(text);
    expect((await inbox.desk.lastEntries(1))[0]).toMatchObject({
      kind: 'retention.refused',
      data: { code: 'legal-hold' },
    });
    await inbox.expire(id);
    expect(await inbox.outcome(second, id, 'approve', kisi(45))).toBe('STATE_CONFLICT');
    expect(await keysOf(45)).toBeGreaterThan(0);
  });

  it('is one officer’s where two approve at once', async () => {
    await askAbout(46);
    const [id, third] = [await destroy(46), await inbox.security(3)];
    const outcomes = await Promise.all(
      [second, third].map((person) => inbox.outcome(person, id, 'approve', kisi(46))),
    );
    expect(outcomes.sort()).toEqual(['STATE_CONFLICT', 'approved']);
    expect(
      await inbox.desk.sql(`SELECT 1 FROM bridge.entry WHERE kind = 'retention.destroyed' AND line LIKE $1`, [
        `%${id}%`,
      ]),
    ).toHaveLength(1);
  });

  it.each([
    ['the years', `proposal = jsonb_set(proposal, '{yearFrom}', '2001')`],
    ['until when', `expires_at = expires_at + interval '1 year'`],
    ['who proposed it', `proposer_tag = decode('00112233445566778899aabbccddeeff', 'hex')`],
  ])('is not approved where somebody has changed its row, and can be refused: %s', async (_what, change) => {
    await askAbout(47);
    const id = await destroy(47);
    await asOwner(
      inbox.desk.test,
      `UPDATE bridge.retention_proposal SET ${change} WHERE proposal_id = '${id}'`,
    );
    expect((await inbox.listed(second))[0]?.[1]).toContain('yalnızca reddedilebilir');
    expect(offered((await inbox.show(second, id)).parts)).toEqual(['refuse']);
    expect(await inbox.outcome(second, id, 'approve', kisi(47))).toBe('STATE_CONFLICT');
    expect(await keysOf(47)).toBeGreaterThan(0);
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'değiştirilmiş' })).toBe('refused');
  });
});

describe('the lifting of a hold, and a shorter term', () => {
  it('shows the hold, and lifts it once another officer approves; no number is asked for', async () => {
    const hold = await placeHold(50);
    const terms = { what: 'lift-hold', hold, reason: 'dava bitti' } as const;
    const id = await inbox.proposeRetention(first, { terms, subject: null });
    const page = await inbox.show(second, id);
    expect(partsOf(page.parts, 'form')[0]?.fields.map(({ name }) => name)).toEqual(['onay_notu']);
    expect(inbox.desk.html(page, second)).toContain('Ankara 3. Ağır Ceza');
    expect(await inbox.outcome(first, id, 'approve')).toBe('SECOND_PERSON_REQUIRED');
    expect(await inbox.outcome(second, id, 'approve')).toBe('approved');
    expect(
      await inbox.desk.sql('SELECT 1 FROM bridge.legal_hold WHERE hold_id = $1 AND lifted_leaf IS NULL', [
        hold,
      ]),
    ).toEqual([]);
    expect(await inbox.outcome(second, id, 'approve')).toBe('STATE_CONFLICT');
  });

  it('changes the term where the settings still have it', async () => {
    const to = inbox.desk.config.audit.retention.years;
    await inbox.termInForce(to + 5);
    const terms = { what: 'shorter-term', from: to + 5, to } as const;
    const id = await inbox.proposeRetention(first, { terms, subject: null });
    const [changes] = partsOf((await inbox.show(second, id)).parts, 'table');
    expect(changes?.rows).toEqual([
      [
        expect.objectContaining({ tr: 'Saklama süresi' }),
        expect.objectContaining({ tr: `${to + 5} yıl` }),
        expect.objectContaining({ tr: `${to} yıl` }),
      ],
    ]);
    expect(await inbox.outcome(second, id, 'approve')).toBe('approved');
    const [state] = await inbox.desk.sql<{ state: { years: number } }>(
      `SELECT state FROM bridge.log_state WHERE name = 'retention'`,
    );
    expect(state?.state.years).toBe(to);
    expect((await inbox.desk.lastEntries(1))[0]).toMatchObject({
      kind: 'retention.confirmed',
      data: { proposal: id },
    });
  });

  it('needs the second step, and a role that still stands', async () => {
    const hold = await placeHold(51);
    const terms = { what: 'lift-hold', hold, reason: 'dava bitti' } as const;
    const id = await inbox.proposeRetention(first, { terms, subject: null });
    const without = await inbox.desk.person(4, [{ role: 'security-officer' }], { steppedUp: false });
    expect(await inbox.outcome(without, id, 'approve')).toBe('STEP_UP_REQUIRED');
    const gone = await inbox.security(5);
    await inbox.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [gone.officer.tag]);
    expect(await inbox.outcome(gone, id, 'approve')).toBe('TOKEN_INVALID');
    expect(await inbox.outcome(gone, id, 'refuse', { reason: 'hayır' })).toBe('TOKEN_INVALID');
  });
});
