import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkAtStart, type StartCheck } from '../../../src/audit/checkpoint/witness.js';
import { draftOf } from '../../../src/audit/draft.js';
import { formatCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { signNote } from '../../../src/audit/note/note.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { failureOf, openLog } from '../support/log.js';
import { newSigner, ORIGIN, openPublicLog, type PublicLog } from './support/public-log.js';

let log: PublicLog;
beforeEach(async () => {
  log = await openPublicLog();
});
afterEach(() => log.close());

const check = (changes: Partial<StartCheck> = {}) =>
  checkAtStart({
    db: log.test.db,
    origin: ORIGIN,
    keys: [log.signer.key],
    witnessFile: log.witnessFile,
    ...changes,
  });
const published = async (count: number) => {
  await log.grow(count);
  await log.publisher().publish();
};
const refused = async (code: string, message: RegExp, changes: Partial<StartCheck> = {}) =>
  expect(await failureOf(check(changes))).toMatchObject({ code, message: expect.stringMatching(message) });
/** As a backup of `size` leaves would leave the database. */
const cutTo = async (size: number) => {
  await log.tamper(`DELETE FROM bridge.log_checkpoint WHERE size > ${size}; DELETE FROM bridge.log_tile;
    DELETE FROM bridge.entry; UPDATE bridge.log_head SET size = 0, compact_range = ''`);
};

describe('the check before a start', () => {
  it('passes an empty log without a witness, and a used one with its own', async () => {
    expect(await check()).toEqual({ witnessMissing: false, size: 0n, checkpointSize: null });
    await published(300);
    expect(await check()).toEqual({ witnessMissing: false, size: 300n, checkpointSize: 300n });
    await log.grow(10);
    expect(await check()).toEqual({ witnessMissing: false, size: 310n, checkpointSize: 300n });
  });

  it('passes a witness older than what the database signed since', async () => {
    await published(5);
    copyFileSync(log.witnessFile, `${log.witnessFile}.old`);
    await published(5);
    renameSync(`${log.witnessFile}.old`, log.witnessFile);
    expect(await check()).toMatchObject({ witnessMissing: false });
  });

  it('takes a missing witness of a used log for an alarm, with or without checkpoints in the database', async () => {
    await log.grow(3);
    expect(await check()).toEqual({ witnessMissing: true, size: 3n, checkpointSize: null });
    await log.publisher().publish();
    rmSync(log.witnessFile);
    expect(await check()).toEqual({ witnessMissing: true, size: 3n, checkpointSize: 3n });
  });

  it('passes a log that holds nothing but commands: migrating before the first start is no loss', async () => {
    const data = { command: 'migrate', host: 'h', instance: 'one', osUser: 'root' };
    const writer = openLog(log.test.appUrl);
    await writer.appender.submit(plainLane, draftOf('command.run', new Date(), data));
    await writer.close();
    expect(await check()).toEqual({ witnessMissing: false, size: 1n, checkpointSize: null });
    await log.publisher().publish();
    rmSync(log.witnessFile);
    expect(await check()).toMatchObject({ witnessMissing: true });
  });

  it('with the witness missing still holds the log against the stored checkpoints', async () => {
    await published(3);
    rmSync(log.witnessFile);
    await log.tamper(`UPDATE bridge.log_checkpoint SET root = sha256(root)`);
    await refused('LOG_INCONSISTENT', /differs from its own note/);
  });

  it('refuses a log that is shorter than its witness, in words that say what to do', async () => {
    await published(5);
    await cutTo(0);
    await log.grow(4);
    await refused('LOG_SHORTER', /4 entries, but 5 were signed: .*backup.*docs\/recipes\.md/);
  });

  it('refuses a log that is shorter than its own last checkpoint', async () => {
    await published(5);
    rmSync(log.witnessFile);
    await cutTo(5);
    await refused('LOG_SHORTER', /0 entries, but 5 were signed/);
  });

  it('refuses another log of the same or a greater length', async () => {
    await published(5);
    await cutTo(0);
    await log.grow(5);
    // Its tiles are not there yet: nothing that could be held against the witness.
    await refused('LOG_INCONSISTENT', /shorter than a head of it that was signed/);
    const witness = readFileSync(log.witnessFile);
    rmSync(log.witnessFile);
    await log.publisher().publish();
    writeFileSync(log.witnessFile, witness);
    await refused('LOG_INCONSISTENT', /restored from a backup and written to since.*docs\/recipes\.md/);
    await log.grow(5);
    await refused('LOG_INCONSISTENT', /does not begin with a head of it that was signed/);
  });

  it('refuses the witness and the checkpoints of another origin, and names the way on', async () => {
    await published(5);
    const other = { origin: 'log.example/second', keys: [newSigner('log.example/second').key] };
    await refused('START_REFUSED', /log\.example\/test.*log\.example\/second.*bridge audit continue/, other);
    rmSync(log.witnessFile);
    await refused('START_REFUSED', /bridge audit continue/, other);
  });

  it('refuses a name under which the log no longer goes on, though it signed under it: that would be a fork', async () => {
    await published(5);
    await log.tamper(
      `INSERT INTO bridge.log_state (name, state) VALUES ('continued-as', '{"origin":"log.example/second"}')`,
    );
    await refused('START_REFUSED', /log\.example\/second.*bridge audit continue/);
    rmSync(log.witnessFile);
    await refused('START_REFUSED', /log\.example\/second.*bridge audit continue/);
  });

  it('refuses a key that nobody knows, and says which setting it belongs into; as an old key it is enough', async () => {
    await published(5);
    const next = newSigner();
    await refused('START_REFUSED', /audit\.oldCheckpointKeys/, { keys: [next.key] });
    rmSync(log.witnessFile);
    await refused('START_REFUSED', /in the database.*audit\.oldCheckpointKeys/, { keys: [next.key] });
    expect(await check({ keys: [next.key, log.signer.key] })).toMatchObject({ size: 5n });
  });

  it.each([
    [
      'a link',
      /symbolic link/,
      () => {
        renameSync(log.witnessFile, `${log.witnessFile}.real`);
        symlinkSync(`${log.witnessFile}.real`, log.witnessFile);
      },
    ],
    [
      'a folder',
      /no regular file/,
      () => {
        rmSync(log.witnessFile);
        mkdirSync(log.witnessFile);
      },
    ],
    [
      'a link to nothing',
      /symbolic link/,
      () => {
        rmSync(log.witnessFile);
        symlinkSync('/nowhere', log.witnessFile);
      },
    ],
    ['a file that everybody may write to', /everybody may write/, () => chmodSync(log.witnessFile, 0o646)],
    ['a file too long', /too long/, () => writeFileSync(log.witnessFile, Buffer.alloc(65_537, 0x20))],
    ['an empty file', /holds no checkpoint/, () => writeFileSync(log.witnessFile, '')],
    [
      'half a checkpoint',
      /holds no checkpoint/,
      () => writeFileSync(log.witnessFile, readFileSync(log.witnessFile).subarray(0, 30)),
    ],
    [
      'a folder that is a file',
      /cannot be read \(ENOTDIR\)/,
      () => {
        rmSync(dirname(log.witnessFile), { recursive: true });
        writeFileSync(dirname(log.witnessFile), '');
      },
    ],
  ])('refuses %s in the place of the witness, and says so', async (_, why, spoil) => {
    await published(5);
    spoil();
    await refused('START_REFUSED', why);
  });

  it('refuses a witness whose text was changed under a good signature', async () => {
    await published(5);
    const note = signNote(
      formatCheckpoint({ origin: ORIGIN, size: 5n, root: Buffer.alloc(32, 1) }),
      log.signer,
    );
    writeFileSync(log.witnessFile, note.replace('\n5\n', '\n4\n'));
    await refused('START_REFUSED', /signed by no key that is known, or was changed/);
  });
});
