import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { cloudEvent } from '../../src/events/cloud-event.js';
import { type TellingTools, tellPersons } from '../../src/events/telling.js';
import type { Queryable } from '../../src/storage/database.js';
import { digitsOf, personOf, tagger } from '../audit/support/parts.js';
import { feedEvent, MERSIS, NOW, tagOf } from './support/event-house.js';

const nowhere: Queryable = {
  query: async () => {
    throw new Error('nothing is to be read');
  },
};
const closed: TellingTools = {
  tagger,
  openPersons: async () => {
    throw new Error('no number is to be opened');
  },
};
const client = (id: string, ...permissions: string[]) => ({ id, permissions: ['events', ...permissions] });
const pseudonymOf = async (id: string, tag: Buffer, tools = closed) =>
  (await tellPersons(tools, nowhere, client(id), [tag]))(tag);

describe('a person', () => {
  it('has one pseudonym for one client, at any time, and another one for every other', async () => {
    const first = await pseudonymOf('core', tagOf(1));
    expect(await pseudonymOf('core', Buffer.from(tagOf(1)))).toEqual(first);
    const others = [await pseudonymOf('portal', tagOf(1)), await pseudonymOf('core', tagOf(2))];
    expect(new Set([first, ...others].map((one) => JSON.stringify(one))).size).toBe(3);
    expect(first).toEqual({ pseudonym: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) });
  });

  it('cannot be found by whoever knows numbers, tags and clients but not the key', async () => {
    const told = JSON.stringify(await pseudonymOf('core', tagOf(1)));
    const other = createPersonTagger({ id: 1, key: randomBytes(32) });
    expect(JSON.stringify(await pseudonymOf('core', tagOf(1), { ...closed, tagger: other }))).not.toBe(told);
    for (const known of [digitsOf(1), tagOf(1).toString('hex'), `core${tagOf(1).toString('hex')}`])
      expect(told).not.toContain(createHash('sha256').update(known).digest('base64url'));
    expect(told).not.toContain(tagOf(1).toString('base64url').slice(0, 10));
  });

  it('is named by number only to a client that may, and where the number is still there', async () => {
    const asked: string[] = [];
    const tools: TellingTools = {
      tagger,
      openPersons: async (_db, tags) => {
        asked.push(...tags.map((tag) => tag.toString('hex')));
        return new Map([[tagOf(1).toString('hex'), personOf(1)]]);
      },
    };
    const tags = [tagOf(1), tagOf(2), tagOf(1)];
    const personFor = await tellPersons(tools, nowhere, client('core', 'kimlik-no'), tags);
    expect(personFor(tagOf(1))).toEqual({ kimlikNo: digitsOf(1) });
    expect(personFor(tagOf(2))).toEqual(await pseudonymOf('core', tagOf(2)));
    expect(asked).toEqual([tagOf(1), tagOf(2)].map((tag) => tag.toString('hex')));
    const plain = await tellPersons(closed, nowhere, client('core'), tags);
    expect(plain(tagOf(1))).toEqual(await pseudonymOf('core', tagOf(1)));
  });
});

describe('an event', () => {
  it('is a CloudEvent with all that is told, and nothing beside', () => {
    expect(cloudEvent(feedEvent(), { pseudonym: 'p' }, 'urn:x')).toEqual({
      specversion: '1.0',
      id: 'ae-7',
      source: 'urn:x',
      type: 'tr.gov.koopbis.authority.granted.v1',
      subject: MERSIS,
      time: NOW.toISOString(),
      datacontenttype: 'application/json',
      sequence: '0000000000000000007',
      data: {
        person: { pseudonym: 'p' },
        cooperative: MERSIS,
        basis: '11111111-1111-4111-8111-111111111111',
        role: 'board',
        ministry: 'ticaret',
        il: '06',
        from: '2026-01-01',
        to: null,
        registeredOn: '2026-01-02',
        reason: null,
        receipt: { leafIndex: 12 },
      },
    });
  });

  it('without a cooperative has no subject; a loss says why', () => {
    const data = { ...feedEvent().data, reason: 'term-ended' };
    const event = cloudEvent(feedEvent({ kind: 'lost', mersisNo: null, data }), { pseudonym: 'p' }, 'urn:x');
    expect('subject' in event).toBe(false);
    expect(event).toMatchObject({
      type: 'tr.gov.koopbis.authority.lost.v1',
      data: { cooperative: null, reason: 'term-ended' },
    });
  });

  it('has sequences that are in order as texts', () => {
    const sequenceOf = (position: bigint) =>
      cloudEvent(feedEvent({ position }), { pseudonym: 'p' }, 'urn:x').sequence;
    const sequences = [1n, 9n, 10n, 123_456n, 2n ** 63n - 1n].map(sequenceOf);
    expect([...sequences].sort()).toEqual(sequences);
  });
});
