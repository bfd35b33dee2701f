import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { digitsOf } from '../../verification/support/parts.js';
import { BOARD, MERGED, MERSIS, NOBODY, OFFICE, ORIGIN, type Pdp, startPdp, UNKNOWN } from './support/pdp.js';

const ONE = '/access/v1/evaluation';

const question = (changes: Record<string, unknown> = {}) => ({
  subject: { type: 'person', id: BOARD },
  action: { name: 'member.add' },
  resource: { type: 'cooperative', id: MERSIS },
  ...changes,
});

let pdp: Pdp;
beforeAll(async () => {
  pdp = await startPdp();
});
afterAll(() => pdp.close());
beforeEach(() => {
  pdp.asked.confirmations = 0;
  for (const list of [pdp.asked.looked, pdp.asked.hashed, pdp.asked.freshened, pdp.refused]) list.length = 0;
});

const answerTo = async (changes: Record<string, unknown>) => (await pdp.post(ONE, question(changes))).json;
const codeOf = async (changes: Record<string, unknown>) => (await answerTo(changes)).context.reason.code;

describe('an evaluation', () => {
  it('answers with decision, reason, version, time and age of the reading', async () => {
    const { status, headers, json } = await pdp.post(ONE, question(), {
      headers: { 'X-Request-ID': 'r-17' },
    });
    expect([status, headers.get('content-type'), headers.get('x-request-id')]).toEqual([
      200,
      'application/json',
      'r-17',
    ]);
    expect(json).toEqual({
      decision: true,
      context: {
        reason: {
          code: 'granted',
          tr: expect.any(String),
          en: expect.any(String),
          right: { role: 'board', action: 'member.add', rule: expect.stringContaining('m.5(3)') },
          seat: {
            id: '22222222-2222-4222-8222-222222222222',
            role: 'board',
            from: '2024-01-01',
            to: '2028-01-01',
            representation: 'MUSTEREKEN',
            actsFor: null,
          },
          role: null,
          registration: { on: '2024-01-05', gazette: '2024-01-05 10991/12' },
          entry: { leafIndex: 41 },
        },
        authority_version: 12,
        read_at: '2026-05-04T09:00:00.000Z',
        freshness: 'fresh',
      },
    });
  });

  it('has the memory confirmed once, for the day in Istanbul, and looks at what seems old before', async () => {
    await pdp.post(ONE, question());
    expect(pdp.asked).toMatchObject({
      confirmations: 1,
      looked: [`${MERSIS} 2026-05-04`],
      freshened: [[MERSIS]],
    });
  });

  it('about a merged cooperative is answered by the seats of its successor', async () => {
    const { decision, context } = await answerTo({ resource: { type: 'cooperative', id: MERGED } });
    expect([decision, context.reason.registration.gazette]).toEqual([true, '2024-01-05 10991/12']);
  });

  it.each([
    ['another type of subject', { subject: { type: 'user', id: BOARD } }, 'subject-unknown'],
    ['a number of another form', { subject: { type: 'person', id: 'ahmet' } }, 'subject-unknown'],
    ['a number that cannot be', { subject: { type: 'person', id: '12345678901' } }, 'subject-unknown'],
    ['an empty number', { subject: { type: 'person', id: '' } }, 'subject-unknown'],
    ['a person without a seat', { subject: { type: 'person', id: NOBODY } }, 'no-seat'],
    ['another type of resource', { resource: { type: 'union', id: MERSIS } }, 'resource-unknown'],
    [
      'a number that is no MERSİS number',
      { resource: { type: 'cooperative', id: '17' } },
      'resource-unknown',
    ],
    [
      'a cooperative that nobody knows',
      { resource: { type: 'cooperative', id: UNKNOWN } },
      'resource-unknown',
    ],
    ['an action that is none', { action: { name: 'member.remove' } }, 'unknown-action'],
    ['a member that every object has', { action: { name: '__proto__' } }, 'unknown-action'],
    ['too weak a sign-in', { context: { acr: 'urn:koopbis:acr:one-step' } }, 'two-step-required'],
    ['a sign-in that is no text', { context: { acr: 3 } }, 'two-step-required'],
    ['nothing said of the sign-in', { context: { acr: null } }, 'granted'],
  ])('about %s is answered, not refused', async (_name, changes, code) => {
    const { decision, context } = await answerTo(changes);
    expect([decision, context.reason.code]).toEqual([code === 'granted', code]);
  });

  it('about a natural person’s MERSİS number looks nothing up', async () => {
    expect(await codeOf({ resource: { type: 'cooperative', id: `${NOBODY}00001` } })).toBe(
      'resource-unknown',
    );
    expect([pdp.asked.looked, pdp.asked.freshened]).toEqual([[], [[]]]);
  });

  it('takes a member for one by the word true alone', async () => {
    const reader = { subject: { type: 'person', id: NOBODY }, action: { name: 'document.read' } };
    expect(await codeOf({ ...reader, context: { member: true } })).toBe('granted');
    for (const member of ['true', 1, {}, false])
      expect(await codeOf({ ...reader, context: { member } })).toBe('no-seat');
  });

  it('asks step-up where the table does', async () => {
    const suspend = { subject: { type: 'person', id: OFFICE }, action: { name: 'cooperative.suspend' } };
    expect(await codeOf(suspend)).toBe('step-up-required');
    expect(await codeOf({ ...suspend, context: { acr: 'urn:koopbis:acr:two-step' } })).toBe(
      'step-up-required',
    );
    expect(await codeOf({ ...suspend, context: { acr: 'urn:koopbis:acr:step-up' } })).toBe('granted');
  });

  it('lets members go by that it does not know, wherever they stand', async () => {
    const properties = { department: 'Sales', __proto__: { decision: true } };
    const text = JSON.stringify(
      question({
        subject: { type: 'person', id: BOARD, properties, future: 1 },
        action: { name: 'member.add', properties: { method: 'GET' } },
        context: { time: '2026-05-04T09:00:00Z', nested: [{}] },
        futureField: { nested: true },
      }),
    );
    expect(
      (await pdp.post(ONE, text.replace('"future"', '"__proto__":{"x":1},"future"'))).json.decision,
    ).toBe(true);
  });
});

describe('a call that is no evaluation', () => {
  it.each([
    ['no subject', { action: { name: 'x' }, resource: { type: 'a', id: 'b' } }, 'body.subject'],
    ['no action', { ...question(), action: undefined }, 'body.action'],
    ['no resource', { ...question(), resource: undefined }, 'body.resource'],
    ['a subject that is text', question({ subject: 'alice' }), 'body.subject'],
    ['a subject that is a list', question({ subject: [] }), 'body.subject'],
    ['a subject without type', question({ subject: { id: BOARD } }), 'body.subject.type'],
    ['a subject without id', question({ subject: { type: 'person' } }), 'body.subject.id'],
    ['a number as id', question({ subject: { type: 'person', id: 17 } }), 'body.subject.id'],
    ['an action without name', question({ action: {} }), 'body.action.name'],
    ['a name that is a number', question({ action: { name: 123 } }), 'body.action.name'],
    ['a resource without type', question({ resource: { id: MERSIS } }), 'body.resource.type'],
    ['a resource without id', question({ resource: { type: 'cooperative' } }), 'body.resource.id'],
    ['a context that is text', question({ context: 'two-step' }), 'body.context'],
    [
      'properties that are none',
      question({ action: { name: 'x', properties: 1 } }),
      'body.action.properties',
    ],
    ['a list', [question()], 'body'],
    ['null', null, 'body'],
    ['nothing', '', 'body: not JSON'],
    ['no JSON', '{"subject":', 'body: not JSON'],
  ])('with %s is refused by the place that is wrong', async (_name, body, reason) => {
    const { status, json } = await pdp.post(ONE, body);
    expect([status, json.code, json.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
    expect(pdp.asked.confirmations).toBe(0);
  });

  it('is refused for a client without the permission before anything is read', async () => {
    for (const path of [ONE, '/access/v1/evaluations']) {
      const { status, json } = await pdp.post(path, '{', { permitted: false });
      expect([status, json.code]).toEqual([403, 'CLIENT_NOT_PERMITTED']);
    }
    expect([pdp.asked.confirmations, pdp.refused.map(({ code }) => code)]).toEqual([
      0,
      ['CLIENT_NOT_PERMITTED', 'CLIENT_NOT_PERMITTED'],
    ]);
  });

  it.each([
    ['of another media type', { 'Content-Type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['with a request id of another form', { 'X-Request-ID': 'a b' }, 400, 'REQUEST_INVALID'],
    [
      'with a person’s number as request id',
      { 'X-Request-ID': digitsOf('200000009') },
      400,
      'REQUEST_INVALID',
    ],
  ])('%s is refused', async (_name, headers, status, code) => {
    const answered = await pdp.post(ONE, question(), { headers });
    expect([answered.status, answered.json.code]).toEqual([status, code]);
  });

  it('that is too large is refused', async () => {
    const { status } = await pdp.post(ONE, question({ context: { text: 'x'.repeat(3000) } }));
    expect(status).toBe(413);
  });

  it('never has a number of a person in its answer, whatever was wrong', async () => {
    const bodies = [
      question({ subject: { type: 'person', id: NOBODY } }),
      question({ subject: { type: 'person', id: NOBODY.slice(0, 10) } }),
      question({ subject: { type: NOBODY, id: NOBODY } }),
      question({ subject: { type: 'person', [NOBODY]: NOBODY } }),
      question({ action: { name: NOBODY } }),
      question({ resource: { type: 'cooperative', id: `${NOBODY}00001` } }),
      question({ context: { acr: NOBODY } }),
      { [NOBODY]: 1 },
    ];
    for (const body of bodies) expect((await pdp.post(ONE, body)).text).not.toContain(NOBODY.slice(0, 10));
  });
});

describe('the decision point', () => {
  it('says where it is, to every registered client', async () => {
    for (const permitted of [true, false]) {
      const { status, headers, json } = await pdp.get('/.well-known/authzen-configuration', permitted);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(json).toEqual({
        policy_decision_point: ORIGIN,
        access_evaluation_endpoint: `${ORIGIN}/access/v1/evaluation`,
        access_evaluations_endpoint: `${ORIGIN}/access/v1/evaluations`,
      });
    }
  });

  it('answers the same behind Express, where the address carries a query', async () => {
    const { status, json } = await pdp.post(`${ONE}?trace=1`, question());
    expect([status, json.decision]).toEqual([200, true]);
  });

  it('answers nothing where its memory cannot be confirmed', async () => {
    const down = async () => {
      throw new BridgeError('DATABASE_UNAVAILABLE', 'no connection');
    };
    const memories = [
      { confirmed: down, freshen: async () => undefined },
      { confirmed: down, freshen: down },
    ];
    for (const memory of memories) {
      const other = await startPdp({ memory });
      try {
        const { status, json, headers } = await other.post(ONE, question());
        expect([status, json.decision]).toEqual([503, undefined]);
        expect(headers.get('retry-after')).not.toBeNull();
      } finally {
        await other.close();
      }
    }
  });

  it('stands in the OpenAPI document with all of its calls', async () => {
    const { json } = await pdp.get('/openapi.json');
    expect(Object.keys(json.paths)).toEqual(
      expect.arrayContaining([ONE, '/access/v1/evaluations', '/.well-known/authzen-configuration']),
    );
    const refs = [...JSON.stringify(json).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    for (const name of refs) expect(Object.keys(json.components.schemas)).toContain(name);
    expect(json.components.schemas.EvaluationRequest.required).toEqual(['subject', 'action', 'resource']);
    expect(JSON.stringify(json.components.schemas.EvaluationRequest)).not.toContain('additionalProperties');
  });
});
