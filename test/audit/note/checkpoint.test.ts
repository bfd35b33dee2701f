import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { createSigner, parseVerifierKey, signNote } from '../../../src/audit/note/note.js';
import { leafOf } from '../tree/support/naive-tree.js';
import { pemOfSeed } from './support/pem.js';
import { RFC8032, SUMDB } from './support/published-notes.js';

const NOTE_INVALID = expect.objectContaining({ code: 'NOTE_INVALID' });
const ORIGIN = 'log.example/one';
const ROOT = 'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=';
const root = Buffer.from(ROOT, 'base64');
const signer = createSigner(ORIGIN, pemOfSeed(RFC8032.seed));

describe('the text of a checkpoint', () => {
  // golang.org/x/mod, sumdb/tlog/note_test.go (TestFormatTree, TestParseTree).
  it('is that of the published tree head of Go', () => {
    const text = `go.sum database tree\n123456789012\n${ROOT}\n`;
    const head = { origin: 'go.sum database tree', size: 123456789012n, root: leafOf('hello world') };
    expect(formatCheckpoint(head)).toBe(text);
    expect(parseCheckpoint(text)).toEqual(head);
  });

  // c2sp.org/tlog-checkpoint.
  it('is read from the example of C2SP', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const { origin, size } = parseCheckpoint(text);
    expect({ origin, size }).toEqual({ origin: 'example.com/behind-the-sofa', size: 20852163n });
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
  });

  it('is read back, whatever the size', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, (1n << 63n) - 1n),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (size, bytes) => {
          const head = { origin: ORIGIN, size, root: Buffer.from(bytes) };
          expect(parseCheckpoint(formatCheckpoint(head))).toEqual(head);
        },
      ),
    );
  });

  it('may have extension lines, which are passed over', () => {
    expect(parseCheckpoint(`${ORIGIN}\n5\n${ROOT}\nextension\nanother one\n`)).toEqual({
      origin: ORIGIN,
      size: 5n,
      root,
    });
  });

  it.each([
    '',
    '\n',
    ORIGIN,
    `${ORIGIN}\n5\n`,
    `${ORIGIN}\n5\n${ROOT}`,
    `\n5\n${ROOT}\n`,
    `${ORIGIN}\n\n${ROOT}\n`,
    `${ORIGIN}\n5\n\n`,
    `${ORIGIN}\n5\n${ROOT}\n\n`,
    `${ORIGIN}\n5\n${ROOT}\n\nextension\n`,
    `${ORIGIN}\n5\n${ROOT}\nextension`,
    `${ORIGIN}\n05\n${ROOT}\n`,
    `${ORIGIN}\n00\n${ROOT}\n`,
    `${ORIGIN}\n-5\n${ROOT}\n`,
    `${ORIGIN}\n+5\n${ROOT}\n`,
    `${ORIGIN}\n5 \n${ROOT}\n`,
    `${ORIGIN}\n0x5\n${ROOT}\n`,
    `${ORIGIN}\n5e3\n${ROOT}\n`,
    `${ORIGIN}\n٥\n${ROOT}\n`,
    `${ORIGIN}\n9223372036854775808\n${ROOT}\n`,
    `${ORIGIN}\n99999999999999999999\n${ROOT}\n`,
    `${ORIGIN}\n5\n${ROOT.replace('=', '')}\n`,
    `${ORIGIN}\n5\n${ROOT}=\n`,
    `${ORIGIN}\n5\n${ROOT.replace('b0=', 'b1=')}\n`,
    `${ORIGIN}\n5\n${ROOT.replace('+', '-')}\n`,
    `${ORIGIN}\n5\n ${ROOT}\n`,
    `${ORIGIN}\n5\n${root.subarray(1).toString('base64')}\n`,
    `${ORIGIN}\n5\n${Buffer.concat([root, root]).toString('base64')}\n`,
    `${ORIGIN}\n5\n${root.toString('hex')}\n`,
  ])('is not %j', (text) => {
    expect(() => parseCheckpoint(text)).toThrow(NOTE_INVALID);
  });

  it.each([
    { origin: '', size: 1n, root },
    { origin: `${ORIGIN}\n5\n${ROOT}`, size: 1n, root },
    { origin: `${ORIGIN}\n`, size: 1n, root },
    { origin: ORIGIN, size: -1n, root },
    { origin: ORIGIN, size: 1n << 63n, root },
    { origin: ORIGIN, size: 1n, root: root.subarray(1) },
    { origin: ORIGIN, size: 1n, root: Buffer.alloc(0) },
  ])('is not written for %o', (head) => {
    expect(() => formatCheckpoint(head)).toThrow(NOTE_INVALID);
  });
});

describe('opening a checkpoint', () => {
  const head = { origin: ORIGIN, size: 5n, root };
  const note = signNote(formatCheckpoint(head), signer);

  it('gives what was signed', () => {
    expect(openCheckpoint(note, ORIGIN, [signer.key])).toEqual(head);
  });

  // transparency-dev/formats, log/checkpoint_test.go (TestSumDBNoteParsing).
  it('gives the published tree head of sum.golang.org, signed under another name than its origin', () => {
    expect(openCheckpoint(SUMDB.note, SUMDB.origin, [parseVerifierKey(SUMDB.vkey)])).toEqual({
      origin: SUMDB.origin,
      size: 6476701n,
      root: Buffer.from('mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=', 'base64'),
    });
  });

  it('refuses the checkpoint of another log under the same key', () => {
    const other = signNote(formatCheckpoint({ ...head, origin: 'log.example/two' }), signer);
    expect(() => openCheckpoint(other, ORIGIN, [signer.key])).toThrow(NOTE_INVALID);
    expect(() => openCheckpoint(note, `${ORIGIN} `, [signer.key])).toThrow(NOTE_INVALID);
  });

  it('refuses a size or root that was not signed', () => {
    for (const changed of [note.replace('\n5\n', '\n6\n'), note.replace(ROOT, ROOT.replace('T', 'U'))])
      expect(() => openCheckpoint(changed, ORIGIN, [signer.key])).toThrow(NOTE_INVALID);
  });

  it('refuses a note that is signed but no checkpoint', () => {
    expect(() => openCheckpoint(signNote(`${ORIGIN}\nhello\n`, signer), ORIGIN, [signer.key])).toThrow(
      NOTE_INVALID,
    );
  });

  it('refuses a checkpoint that none of the given keys signed', () => {
    expect(() => openCheckpoint(note, ORIGIN, [parseVerifierKey(SUMDB.vkey)])).toThrow(NOTE_INVALID);
    expect(() => openCheckpoint(note, ORIGIN, [])).toThrow(NOTE_INVALID);
  });
});
