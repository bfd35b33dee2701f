import { describe, expect, it } from '@jest/globals';
import { docsPage } from '../../src/api/docs-page.js';
import { openApiDocument } from '../../src/api/openapi.js';
import { OUTCOME_TEXTS } from '../../src/api/outcome-texts.js';
import { PROBLEMS } from '../../src/api/problem-texts.js';
import { recordedDocument, verificationDocument } from '../../src/api/verification-document.js';
import type { RecordedQuery } from '../../src/verification/recorded-query.js';
import { NOW } from '../verification/support/parts.js';

const RECORDED: RecordedQuery = {
  queryId: '44444444-4444-4444-8444-444444444444',
  state: 'answered',
  outcome: 'match',
  problem: null,
  units: 1,
  checkedAt: NOW,
  leafIndex: 41n,
  leafHash: Buffer.alloc(32, 0xab),
};
const OUTCOMES = ['match', 'deceased', 'inactive', 'mismatch', 'not-found'] as const;

describe('the answer to an identity check', () => {
  it('has exactly the members of the contract', () => {
    expect(verificationDocument(RECORDED)).toEqual({
      id: RECORDED.queryId,
      outcome: 'match',
      text: OUTCOME_TEXTS.match,
      units: 1,
      checkedAt: NOW.toISOString(),
      receipt: { leafIndex: 41, leafHash: 'ab'.repeat(32) },
    });
  });

  it('read again has its state too', () => {
    expect(recordedDocument(RECORDED)).toEqual({ state: 'answered', ...verificationDocument(RECORDED) });
  });

  it.each(['KPS_REFUSED', 'KPS_UNAVAILABLE', 'KPS_OUTCOME_UNKNOWN'] as const)(
    'read again where it ended as %s tells the code and its text instead of an outcome',
    (problem) => {
      const state = problem === 'KPS_OUTCOME_UNKNOWN' ? 'unknown' : 'refused';
      const { tr, en } = PROBLEMS[problem];
      expect(recordedDocument({ ...RECORDED, state, outcome: null, problem })).toMatchObject({
        state,
        outcome: null,
        code: problem,
        text: { tr, en },
      });
    },
  );

  it('has a text of its own in both languages for each outcome', () => {
    expect(Object.keys(OUTCOME_TEXTS).sort()).toEqual([...OUTCOMES].sort());
    const texts = OUTCOMES.flatMap((outcome) => Object.values(OUTCOME_TEXTS[outcome]));
    expect(new Set(texts).size).toBe(10);
    expect(texts.every((text) => text.length > 20)).toBe(true);
  });

  it('tells the clerk what to look at: both given names, no abbreviation, unknown parts of the date', () => {
    expect(OUTCOME_TEXTS.mismatch.tr).toMatch(/kısaltmadan/);
    expect(OUTCOME_TEXTS.mismatch.en).toMatch(/without abbreviation/);
    expect(OUTCOME_TEXTS['not-found'].tr).toMatch(/00/);
  });
});

describe('the OpenAPI document', () => {
  const document = openApiDocument({ routes: [], schemas: {} });
  const text = JSON.stringify(document);

  it('is JSON that says what it is', () => {
    expect(JSON.parse(text)).toEqual(document);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('names every problem code under its status, for each call', () => {
    const { paths } = document as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    };
    const calls = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(calls).toHaveLength(3);
    for (const { responses } of calls) {
      for (const [code, { status }] of Object.entries(PROBLEMS)) {
        expect(responses[status]?.description.split(', ')).toContain(code);
      }
    }
  });

  it('names every problem code and outcome in its schemas', () => {
    const { components } = document as {
      components: {
        schemas: {
          Problem: { properties: { code: { enum: string[] } } };
          VerificationResult: { properties: { outcome: { enum: unknown[] } } };
        };
      };
    };
    expect(components.schemas.Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
    expect(components.schemas.VerificationResult.properties.outcome.enum).toEqual([...OUTCOMES, null]);
  });

  it('points only at schemas that it holds', () => {
    const { components } = document as { components: { schemas: Record<string, unknown> } };
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(Object.keys(components.schemas)).toContain(name);
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
  });

  it('is also a page with every call and code, without scripts', () => {
    const page = docsPage(document);
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`<td>${code}</td>`);
    expect(page).toContain('POST /v1/identity/verifications');
    expect(page).not.toMatch(/<script|onload|javascript:/i);
  });
});
