// A program that appends to the log like any other process of ours, until it is killed. Argument 1: a file of JSON with the
// database's URL and a name. Prints one line of JSON for each entry that was acknowledged: what a caller would hold.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAppender } from '../../src/audit/appender.js';
import { draftOf } from '../../src/audit/draft.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { openDatabase } from '../../src/storage/pool.js';

const CALLERS = 12;

const { url, name } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  url: string;
  name: string;
};
const db = openDatabase({
  url,
  maxConnections: 3,
  applicationName: name,
  statementTimeoutMs: 20_000,
  connectTimeoutMs: 5_000,
});
const key = Buffer.alloc(32, 1); // seals nothing: these entries hold no personal value
const appender = createAppender(
  { maxBatch: 16, maxQueue: 1000 },
  {
    db,
    masterKeys: createMasterKeys([{ id: 'none', key }]),
    tagger: createPersonTagger({ id: 1, key }),
    appliers: new Map(),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
  },
);
let n = 0;
const caller = async (): Promise<void> => {
  for (;;) {
    n += 1;
    const draft = draftOf('log.witness-missing', new Date(), {
      checkpointSize: null,
      instance: name,
      size: n,
    });
    const { leafIndex, leafHash } = await appender.submit(plainLane, draft);
    console.log(
      JSON.stringify({ id: draft.id, leafIndex: Number(leafIndex), leafHash: leafHash.toString('hex') }),
    );
  }
};
await Promise.all(Array.from({ length: CALLERS }, caller));
