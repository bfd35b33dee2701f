import { afterEach, describe, expect, it } from '@jest/globals';
import { type Bench, question, startBench } from './support/bench.js';

let bench: Bench | null = null;
afterEach(async () => {
  await bench?.close();
  bench = null;
});

describe('a question to KPS', () => {
  it('comes back as the compared fields of the record and its status, and nothing else', async () => {
    bench = await startBench();
    const client = await bench.client();
    const asked = question();
    const reply = await client.ask(asked);
    expect(reply).toEqual({
      kind: 'record',
      messageIds: [asked.messageId],
      record: {
        ad: 'AYŞE NUR',
        soyad: 'YILDIZ',
        dogumTarihi: { year: 1980, month: 5, day: 17 },
        status: 'open',
      },
    });
    expect(bench.sts.seen).toHaveLength(1);
    expect(bench.routing.seen).toHaveLength(1);
  });
});
