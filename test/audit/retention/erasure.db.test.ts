import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createErasureLane, erasureTexts } from '../../../src/audit/retention/erasure-answer.js';
import { digitsOf, personOf } from '../support/parts.js';
import { doneOf, officerOf, Registry } from './support/registry.js';

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.open();
});
afterEach(async () => {
  await registry.close();
});

const answer = async (n: number) => {
  const request = {
    officer: officerOf(50),
    subject: personOf(n),
    requestNo: 'B-2026/17',
    receivedOn: '2026-04-20',
  };
  return doneOf(await registry.log.appender.submit(createErasureLane(registry.tools), request));
};

describe('a wish for erasure inside the term', () => {
  it('is answered with the legal ground and the days on which each year falls due; nothing is destroyed', async () => {
    await registry.askIn(2024, 2, 9);
    await registry.askIn(2022, 9, 2);
    const before = await registry.keys();
    const given = await answer(2);
    expect(given).toMatchObject({
      dueBy: '2026-05-20',
      firstDestruction: '2033-01-01',
      legalGround: registry.tools.legalGround,
      years: [
        { year: 2022, due: '2033-01-01' },
        { year: 2024, due: '2035-01-01' },
      ],
    });
    const after = await registry.keys();
    expect(before.every((key) => after.some(({ keyId }) => keyId === key.keyId))).toBe(true);
    expect(await registry.dataOf('erasure.answered')).toMatchObject([
      { dueBy: '2026-05-20', firstDestruction: '2033-01-01', requestNo: 'B-2026/17', years: [2022, 2024] },
    ]);
    expect(await registry.reveal(given.leafIndex, 'subject.number')).toBe(digitsOf(2));
    const { tr, en } = erasureTexts(given);
    for (const text of [tr, en]) {
      for (const fact of ['B-2026/17', '2026-05-20', '2033-01-01', registry.tools.legalGround])
        expect(text).toContain(fact);
      expect(text).not.toContain(digitsOf(2));
    }
  });

  it('of somebody of whom nothing is kept says so', async () => {
    const given = await answer(2);
    expect(given).toMatchObject({ years: [], firstDestruction: null });
    expect(erasureTexts(given).tr).toContain('bulunmamaktadır');
    expect(erasureTexts(given).en).toContain('No record');
  });

  it('goes by the term in force, not by a shorter one that nobody confirmed', async () => {
    await registry.ask(1, 2);
    await registry.run();
    const lane = createErasureLane({ ...registry.tools, years: 2 });
    const request = {
      officer: officerOf(50),
      subject: personOf(2),
      requestNo: '1',
      receivedOn: '2026-05-01',
    };
    const given = doneOf(await registry.log.appender.submit(lane, request));
    expect(given).toMatchObject({ firstDestruction: '2037-01-01', termYears: 10 });
  });
});
