import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { asOwner } from '../../audit/support/log.js';
import { digitsOf } from '../../audit/support/parts.js';
import { typed } from '../support/console-desk.js';
import { Inbox, offered, partsOf } from './support.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let inbox: Inbox;
let first: ConsolePerson;
let second: ConsolePerson;
let percent = 150;

beforeAll(async () => {
  inbox = await Inbox.open();
  [first, second] = [await inbox.finance(1), await inbox.finance(2)];
});
afterAll(async () => {
  await inbox.close();
});

afterEach(async () => {
  // Whoever proposes next ends it.
  const text = `UPDATE bridge.proposal SET expires_at = now() - interval '1 minute' WHERE decision IS NULL`;
  await inbox.desk.sql(text);
});

/** A further lift: each goes beyond the last. */
const propose = (reason: string | null = null) => {
  percent += 10;
  return inbox.proposeLift(first, { toPercent: percent, reason });
};
const lifts = async () => (await inbox.desk.sql('SELECT 1 FROM bridge.fee_stop_lift')).length;

describe('the inbox', () => {
  it('shows what waits to every finance officer, and to whoever proposed it that another decides', async () => {
    const id = await propose();
    expect(await inbox.listed(first)).toEqual([[id, 'Sizin öneriniz: ikinci kişi karar verecek']]);
    expect(await inbox.listed(second)).toEqual([[id, 'Karar bekliyor']]);
    await inbox.expire(id);
    expect(await inbox.listed(second)).toEqual([[id, 'Süresi doldu']]);
  });

  it('shows nothing to those who hold none of the desk’s roles, and does not open for those who decide nothing', async () => {
    const id = await propose();
    const security = await inbox.security(3);
    expect(await inbox.listed(security)).toEqual([]);
    await expect(inbox.show(security, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await inbox.outcome(security, id, 'approve')).toBe('NOT_FOUND');
    const inspector = await inbox.desk.person(4, [{ role: 'log-inspector' }]);
    await expect(inbox.list(inspector)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    await expect(inbox.show(inspector, id)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    expect(await inbox.outcome(inspector, id, 'approve')).toBe('ROLE_REQUIRED');
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'hayır' })).toBe('refused');
  });

  it('lists the newest first, whatever desk it is at', async () => {
    const both = await inbox.desk.person(5, [{ role: 'finance' }, { role: 'security-officer' }]);
    const lift = await propose();
    const terms = { what: 'shorter-term', from: 10, to: 5 } as const;
    await inbox.termInForce(10);
    const term = await inbox.proposeRetention(await inbox.security(6), { terms, subject: null });
    expect((await inbox.listed(both)).map(([id]) => id)).toEqual([term, lift]);
    const html = inbox.desk.html(await inbox.list(both), both);
    expect(html).toContain('Bütçe durdurmasının kaldırılması');
    expect(html).toContain('10 yıl yerine 5 yıl');
    expect(await inbox.outcome(both, term, 'refuse', { reason: 'gerek yok' })).toBe('refused');
    expect(await inbox.outcome(both, lift, 'refuse', { reason: 'gerek yok' })).toBe('refused');
    expect(await inbox.listed(both)).toEqual([]);
  });
});

describe('one decision', () => {
  it('shows what the log recorded: reason, what changes, who may decide, until when; nobody’s number', async () => {
    const id = await propose('Yıl sonu yoğunluğu');
    const page = await inbox.show(second, id);
    const [changes] = partsOf(page.parts, 'table');
    expect(changes?.rows).toEqual([
      [
        expect.objectContaining({ tr: 'Durdurma eşiği' }),
        { tr: '%100', en: '100%' },
        { tr: `%${percent}`, en: `${percent}%` },
      ],
      [
        expect.objectContaining({ tr: 'Çeyrek bütçesi' }),
        expect.objectContaining({ tr: '1.000 sorgu' }),
        expect.objectContaining({ tr: '1.000 sorgu' }),
      ],
    ]);
    expect(offered(page.parts)).toEqual(['approve', 'refuse']);
    const html = inbox.desk.html(page, second);
    for (const text of ['Yıl sonu yoğunluğu', 'mali görevli', 'Başka bir görevli', 'kalan:', id])
      expect(html).toContain(text);
    for (const n of [1, 2]) expect(html).not.toContain(digitsOf(n));
    const leaf = (
      await inbox.desk.sql<{ leaf: bigint }>(
        'SELECT proposed_leaf AS leaf FROM bridge.proposal WHERE proposal_id = $1',
        [id],
      )
    )[0]?.leaf;
    expect(html).toContain(`Kayıt sırası: ${leaf}`);
    const own = await inbox.show(first, id);
    expect(offered(own.parts)).toEqual(['withdraw']);
    expect(inbox.desk.html(own, first)).toContain('ikinci kişi karar verecek');
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('withdrawn');
  });

  it('shows how it ended, by whom it was not told, when and with which entry, and offers nothing more', async () => {
    const id = await propose();
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'Bütçe yeter' })).toBe('refused');
    for (const person of [first, second]) {
      const page = await inbox.show(person, id);
      expect(offered(page.parts)).toEqual([]);
      const html = inbox.desk.html(page, person);
      expect(html).toContain('Reddedildi');
      expect(html).toContain('Bütçe yeter');
    }
    const expired = await propose();
    await inbox.expire(expired);
    const page = await inbox.show(second, expired);
    expect(offered(page.parts)).toEqual([]);
    expect(inbox.desk.html(page, second)).toContain('hiçbir şey değişmedi');
  });

  it('has no two fields of one name, so that each has its own label', async () => {
    const { parts } = await inbox.show(second, await propose());
    const names = partsOf(parts, 'form').flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(2);
    const [[id] = ['']] = await inbox.listed(first);
    await inbox.outcome(first, id, 'withdraw');
  });

  it('shows hostile texts harmlessly', async () => {
    const reason = `<script>alert(1)</script>\u202E${'=cmd|'.repeat(60)}`;
    const id = await propose(reason);
    const html = inbox.desk.html(await inbox.show(second, id), second);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('<bdi>&lt;script&gt;alert(1)');
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('withdrawn');
  });

  it.each(['', 'x', UNKNOWN, "' OR 1=1 --", '10000000146'])(
    'is not found by what names none: %j',
    async (proposal) => {
      await expect(inbox.show(second, proposal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await inbox.outcome(second, proposal, 'approve')).toBe('NOT_FOUND');
    },
  );
});

describe('deciding', () => {
  it('carries out what a second person approves, in one transaction with its entries', async () => {
    const [before, id] = [await lifts(), await propose()];
    expect(await lifts()).toBe(before);
    const answer = await inbox.decide(second, id, 'approve', { reason: 'Uygundur' });
    expect(answer).toEqual({ kind: 'see-other', to: `/konsol/kararlar/${id}`, told: 'approved' });
    expect(await lifts()).toBe(before + 1);
    const [ended, lifted] = await inbox.desk.lastEntries(2);
    expect(ended).toMatchObject({
      kind: 'proposal.ended',
      data: {
        decision: 'approved',
        reason: 'Uygundur',
        proposal: id,
        osUser: null,
        actor: { session: second.officer.sessionId },
      },
    });
    expect(lifted).toMatchObject({
      kind: 'fees.stop-lifted',
      data: { proposal: id, toPercent: percent, osUser: null },
    });
    const html = inbox.desk.html(await inbox.show(first, id), first);
    expect(html).toContain('Onaylandı ve uygulandı');
  });

  it('is never done by who proposed it, in whatever session and role', async () => {
    const [before, id] = [await lifts(), await propose()];
    const again = await inbox.desk.person(1, [{ role: 'finance' }, { role: 'administrator' }]);
    for (const person of [first, again]) {
      expect(await inbox.outcome(person, id, 'approve')).toBe('SECOND_PERSON_REQUIRED');
      expect(await inbox.outcome(person, id, 'refuse', { reason: 'hayır' })).toBe('SECOND_PERSON_REQUIRED');
    }
    expect(await lifts()).toBe(before);
    expect(await inbox.outcome(second, id, 'withdraw')).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(again, id, 'withdraw')).toBe('withdrawn');
    expect(await lifts()).toBe(before);
  });

  it('is done once: the same form sent again is refused, and so is every other', async () => {
    const [before, id] = [await lifts(), await propose()];
    expect(await inbox.outcome(second, id, 'approve')).toBe('approved');
    expect(await inbox.outcome(second, id, 'approve')).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(second, id, 'refuse')).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'hayır' })).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('STATE_CONFLICT');
    expect(await lifts()).toBe(before + 1);
  });

  it('is one officer’s where two approve at once', async () => {
    const [before, id, third] = [await lifts(), await propose(), await inbox.finance(7)];
    const outcomes = await Promise.all([
      inbox.outcome(second, id, 'approve'),
      inbox.outcome(third, id, 'approve'),
      inbox.outcome(second, id, 'approve'),
    ]);
    expect(outcomes.sort()).toEqual(['STATE_CONFLICT', 'STATE_CONFLICT', 'approved']);
    expect(await lifts()).toBe(before + 1);
  });

  it('is refused once its time is over', async () => {
    const id = await propose();
    await inbox.expire(id);
    for (const decision of ['approve', 'refuse'] as const)
      expect(await inbox.outcome(second, id, decision, { reason: 'evet' })).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('STATE_CONFLICT');
  });

  it('needs the second step where the settings ask for it at this desk, before anything is done', async () => {
    const id = await propose();
    const without = await inbox.desk.person(8, [{ role: 'finance' }], { steppedUp: false });
    expect(await inbox.outcome(without, id, 'approve')).toBe('STEP_UP_REQUIRED');
    expect(await inbox.outcome(without, id, 'refuse', { reason: 'hayır' })).toBe('STEP_UP_REQUIRED');
    expect((await inbox.listed(second))[0]).toEqual([id, 'Karar bekliyor']);
    expect(await inbox.outcome(first, id, 'withdraw')).toBe('withdrawn');
  });

  it('is refused to whoever has lost role or session meanwhile, and where the proposer has', async () => {
    const id = await propose();
    const [gone, ended] = [await inbox.finance(9), await inbox.finance(10)];
    await inbox.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [gone.officer.tag]);
    await inbox.desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      ended.officer.sessionId,
    ]);
    for (const person of [gone, ended])
      expect(await inbox.outcome(person, id, 'approve')).toBe('TOKEN_INVALID');
    await inbox.outcome(first, id, 'withdraw');
    percent += 10;
    const leaver = await inbox.finance(11);
    const theirs = await inbox.proposeLift(leaver, { toPercent: percent });
    await inbox.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [leaver.officer.tag]);
    expect(await inbox.outcome(second, theirs, 'approve')).toBe('SECOND_PERSON_REQUIRED');
    expect(await inbox.outcome(second, theirs, 'refuse', { reason: 'görevi bitti' })).toBe('refused');
  });

  it('acts in a role of the desk, whatever other roles the person has', async () => {
    const both = await inbox.desk.person(12, [{ role: 'security-officer' }, { role: 'finance' }]);
    expect(await inbox.outcome(both, await propose(), 'approve')).toBe('approved');
  });
});

describe('what was typed wrongly', () => {
  it.each([
    ['refuse', '', 'Neden reddettiğinizi yazın'],
    ['refuse', 'x'.repeat(501), 'En çok 500 karakter'],
    ['refuse', '10000000146 için', 'kimlik numarası yazmayın'],
    ['approve', 'x'.repeat(501), 'En çok 500 karakter'],
    ['approve', 'bkz. 10000000146', 'kimlik numarası yazmayın'],
  ] as const)('comes back beside its field: %s %.12j', async (decision, reason, says) => {
    const id = await propose();
    const [before, entries] = [await lifts(), await inbox.desk.sql('SELECT 1 FROM bridge.entry')];
    const answer = await inbox.decide(second, id, decision, { reason });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    if (answer.kind !== 'page') throw new Error('no page');
    const [field] =
      partsOf(answer.page.parts, 'form').find(({ hidden }) => hidden?.karar === decision)?.fields ?? [];
    expect(field).toMatchObject({ value: reason, error: { tr: expect.stringContaining(says) } });
    expect(await lifts()).toBe(before);
    expect(await inbox.desk.sql('SELECT 1 FROM bridge.entry')).toHaveLength(entries.length);
    await inbox.outcome(first, id, 'withdraw');
  });

  it('is refused where it is no decision at all', async () => {
    const id = await propose();
    const call = (karar: string) =>
      inbox.handlers['decision.decide'](
        inbox.desk.call('decision.decide', second, { params: { proposal: id }, fields: typed({ karar }) }),
      );
    for (const karar of ['', 'approved', 'onayla'])
      await expect(call(karar)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await inbox.outcome(first, id, 'withdraw');
  });
});

describe('a row that somebody has changed', () => {
  it.each([
    ['terms', `terms = terms || '{"toPercent": null}'`],
    ['who proposed it', `proposer_tag = decode('00112233445566778899aabbccddeeff', 'hex')`],
    ['until when', `expires_at = expires_at + interval '1 year'`],
  ])('can only be refused, and shows none of its changes: %s', async (_what, change) => {
    const [before, id] = [await lifts(), await propose('gerekçe')];
    await asOwner(inbox.desk.test, `UPDATE bridge.proposal SET ${change} WHERE proposal_id = '${id}'`);
    expect((await inbox.listed(second))[0]?.[1]).toContain('yalnızca reddedilebilir');
    const page = await inbox.show(second, id);
    expect(offered(page.parts)).toEqual(['refuse']);
    expect(partsOf(page.parts, 'table')[0]?.rows).toEqual([]);
    expect(await inbox.outcome(second, id, 'approve')).toBe('STATE_CONFLICT');
    expect(await inbox.outcome(second, id, 'refuse', { reason: 'değiştirilmiş' })).toBe('refused');
    expect(await lifts()).toBe(before);
  });
});
