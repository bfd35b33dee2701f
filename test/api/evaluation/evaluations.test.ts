import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_EVALUATIONS } from '../../../src/api/evaluation/evaluation-schema.js';
import { BOARD, MERSIS, NOBODY, type Pdp, startPdp, UNKNOWN } from './support/pdp.js';

const MANY = '/access/v1/evaluations';
const subject = { type: 'person', id: BOARD };
const resource = { type: 'cooperative', id: MERSIS };
const action = { name: 'member.add' };
const allowed = {};
const denied = { action: { name: 'appointee.decide' } };

let pdp: Pdp;
beforeAll(async () => {
  pdp = await startPdp();
});
afterAll(() => pdp.close());

/** Decisions of a call with these questions, over good defaults. */
async function decisions(evaluations: readonly unknown[], options?: unknown): Promise<readonly boolean[]> {
  const { status, json } = await pdp.post(MANY, { subject, action, resource, evaluations, options });
  expect([status, Object.keys(json)]).toEqual([200, ['evaluations']]);
  return json.evaluations.map(({ decision }: { decision: boolean }) => decision);
}

describe('several evaluations', () => {
  it('are answered in their order, each over the defaults of the call', async () => {
    expect(await decisions([allowed, denied, { subject: { type: 'person', id: NOBODY } }, allowed])).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('need no defaults', async () => {
    const evaluations = [{ subject, action, resource }];
    expect((await pdp.post(MANY, { evaluations })).json.evaluations[0].decision).toBe(true);
  });

  it('share a context, and one of their own replaces it whole', async () => {
    const context = { member: true };
    const reader = { subject: { type: 'person', id: NOBODY }, action: { name: 'document.read' }, resource };
    const { json } = await pdp.post(MANY, {
      ...reader,
      context,
      evaluations: [{}, { context: { time: 1 } }],
    });
    expect(json.evaluations.map((one: { decision: boolean }) => one.decision)).toEqual([true, false]);
  });

  it('are answered from one confirmation, and the number of one person is hashed once', async () => {
    const other = await startPdp();
    try {
      const evaluations = [{}, {}, { resource: { type: 'cooperative', id: UNKNOWN } }];
      await other.post(MANY, { subject, action, resource, evaluations });
      expect(other.asked).toMatchObject({
        confirmations: 1,
        hashed: [1],
        freshened: [[MERSIS, UNKNOWN]],
      });
    } finally {
      await other.close();
    }
  });

  it.each([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('end as %s says', async (evaluations_semantic, expected) => {
    const options = { evaluations_semantic, another_option: 'value' };
    expect(await decisions([allowed, denied, allowed], options)).toEqual(expected);
  });

  it('that are all denied end at the first, or go on to the last', async () => {
    const all = [denied, denied, denied];
    expect(await decisions(all, { evaluations_semantic: 'deny_on_first_deny' })).toEqual([false]);
    expect(await decisions(all, { evaluations_semantic: 'permit_on_first_permit' })).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['without evaluations', {}],
    ['with none in the list', { evaluations: [] }],
  ])('%s are the single evaluation itself', async (_name, more) => {
    const { status, json } = await pdp.post(MANY, { subject, action, resource, ...more });
    expect([status, json.decision, json.evaluations]).toEqual([200, true, undefined]);
  });

  it('of which one is no question: that one is denied, with the place that is wrong', async () => {
    const evaluations = [
      { resource },
      {},
      { resource: { id: MERSIS } },
      { resource, subject: 'x' },
      { resource, context: null },
    ];
    const { status, json } = await pdp.post(MANY, { subject, action, evaluations });
    expect(status).toBe(200);
    type One = { decision: boolean; context: { reason: { code: string }; error?: unknown } };
    expect(
      json.evaluations.map(({ decision, context }: One) => [decision, context.reason.code, context.error]),
    ).toEqual([
      [true, 'granted', undefined],
      [false, 'request-invalid', { status: 400, message: 'evaluation.resource' }],
      [false, 'request-invalid', { status: 400, message: 'evaluation.resource.type' }],
      [false, 'request-invalid', { status: 400, message: 'evaluation.subject' }],
      [false, 'request-invalid', { status: 400, message: 'evaluation.context' }],
    ]);
  });

  it('that are wrong count as a denial where the first one ends the call', async () => {
    const options = { evaluations_semantic: 'deny_on_first_deny' };
    expect(await decisions([{ resource: {} }, allowed], options)).toEqual([false]);
  });

  it.each([
    ['a list that is none', { evaluations: {} }, 'body.evaluations'],
    ['a question that is no object', { evaluations: [{}, 1] }, 'body.evaluations'],
    ['a question that is null', { evaluations: [null] }, 'body.evaluations'],
    ['options that are none', { evaluations: [{}], options: 'execute_all' }, 'body.options'],
    [
      'a semantic that is none',
      { evaluations: [{}], options: { evaluations_semantic: 'execute_some' } },
      'body.options.evaluations_semantic',
    ],
    [
      'a semantic that is a list',
      { evaluations: [{}], options: { evaluations_semantic: ['execute_all'] } },
      'body.options.evaluations_semantic',
    ],
    ['a default that is no object', { evaluations: [{}], subject: 'alice' }, 'body.subject'],
    ['a single question that is incomplete', { evaluations: [], resource: undefined }, 'body.resource'],
    [
      'more questions than allowed',
      { evaluations: Array.from({ length: MAX_EVALUATIONS + 1 }, () => ({})) },
      `body.evaluations: at most ${MAX_EVALUATIONS}`,
    ],
  ])('with %s are refused as a whole', async (_name, more, reason) => {
    const { status, json } = await pdp.post(MANY, { subject, action, resource, ...more });
    expect([status, json.code, json.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
  });

  it('may be as many as allowed, each with all of its members', async () => {
    const evaluations = Array.from({ length: MAX_EVALUATIONS }, () => ({
      subject,
      action: { name: 'attendance-list.read' },
      resource,
      context: { member: true, acr: 'urn:koopbis:acr:step-up' },
    }));
    const { status, json } = await pdp.post(MANY, { evaluations });
    expect([status, json.evaluations.length]).toEqual([200, MAX_EVALUATIONS]);
  });
});
