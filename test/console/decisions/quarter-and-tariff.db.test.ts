import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay, istanbulQuarter, previousQuarter } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { freezeQuarter } from '../../../src/fees/quarter/freeze.js';
import { readClosing } from '../../../src/fees/quarter/read-closing.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { quarterSettings } from '../../../src/house/fees/quarter-settings.js';
import { doneValue } from '../../../src/proposals/verdict.js';
import { Inbox, partsOf } from './support.js';

const NOW = new Date();
/** Long over, whatever the day is. */
const QUARTER = previousQuarter(previousQuarter(istanbulQuarter(NOW)));
const TOMORROW = istanbulDay(new Date(NOW.getTime() + 86_400_000));

let inbox: Inbox;
let first: ConsolePerson;
let second: ConsolePerson;

beforeAll(async () => {
  inbox = await Inbox.open((settings) => {
    settings.fees = {
      tariff: [
        { id: 'rg-yeni', from: '2026-01-01', amountKurus: 250, basis: 'per-query', gazette: 'RG 99999' },
      ],
    };
  });
  [first, second] = [await inbox.finance(1), await inbox.finance(2)];
});
afterAll(async () => {
  await inbox.close();
});

async function freeze(): Promise<string> {
  const { config, log } = inbox.desk;
  const tools = {
    ports: deedPortsOf(config.instance, null, ['finance']),
    settings: quarterSettings(config, QUARTER),
    proposalHours: config.fees.proposalHours,
  };
  const officer = { ...first.officer, role: 'finance' };
  const order = { quarter: QUARTER, reason: 'çeyrek sonu', officer };
  return doneValue(await freezeQuarter(log.appender, tools, order)).proposal;
}

const stateOf = async () => (await readClosing(inbox.desk.test.db, QUARTER, new Date())).state;

describe('a quarter that was frozen', () => {
  it('is opened again where it is refused or withdrawn, and approved by the second officer alone', async () => {
    const refused = await freeze();
    expect(await stateOf()).toBe('frozen');
    expect(await inbox.outcome(second, refused, 'refuse', { reason: 'rakamlar eksik' })).toBe('refused');
    expect(await stateOf()).toBe('collecting');
    const withdrawn = await freeze();
    expect(await inbox.outcome(first, withdrawn, 'withdraw')).toBe('withdrawn');
    expect(await stateOf()).toBe('collecting');
    const id = await freeze();
    expect(await inbox.outcome(first, id, 'approve')).toBe('SECOND_PERSON_REQUIRED');
    // Another statement is another proposal.
    expect(await inbox.outcome(second, refused, 'approve')).toBe('STATE_CONFLICT');
    expect(await stateOf()).toBe('frozen');
    const page = await inbox.show(second, id);
    const html = inbox.desk.html(page, second);
    for (const text of [
      QUARTER,
      'Çeyreğin durumu',
      'mühürlendi',
      '0,00 TL',
      'çeyrek sonu',
      `/konsol/mali/ceyrek/${QUARTER}`,
    ])
      expect(html).toContain(text);
    expect(await inbox.outcome(second, id, 'approve')).toBe('approved');
    expect(await stateOf()).toBe('approved');
    expect((await inbox.desk.lastEntries(2)).map(({ kind }) => kind)).toEqual([
      'proposal.ended',
      'fees.quarter-approved',
    ]);
  });
});

describe('a row of the tariff', () => {
  it('shows its price in Turkish form and is in force once it is approved', async () => {
    const id = await inbox.proposeTariff(first, 'rg-yeni', TOMORROW);
    const page = await inbox.show(second, id);
    const day = TOMORROW.split('-').reverse().join('.');
    const rows = partsOf(page.parts, 'table')[0]?.rows ?? [];
    const shown = new Map(rows.map(([field, , after]) => [(field as { tr: string }).tr, after]));
    expect(shown.get('Yürürlük günü')).toMatchObject({ tr: day });
    expect(shown.get('Birim fiyat')).toBe('2,50 TL');
    expect(shown.get('Neye göre')).toMatchObject({ tr: 'sorgu başına' });
    expect(shown.get('Hizmet')).toMatchObject({ tr: 'her hizmet' });
    expect(await inbox.outcome(second, id, 'approve')).toBe('approved');
    expect(
      await inbox.desk.sql(`SELECT row_id FROM bridge.fee_tariff_switch WHERE row_id = 'rg-yeni'`),
    ).toHaveLength(1);
    expect((await inbox.desk.lastEntries(1))[0]).toMatchObject({
      kind: 'fees.tariff-switched',
      data: { proposal: id, from: TOMORROW },
    });
  });
});
