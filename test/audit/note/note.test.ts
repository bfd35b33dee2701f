import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createSigner,
  openNote,
  parseVerifierKey,
  signNote,
  type VerifierKey,
} from '../../../src/audit/note/note.js';
import { pemOfSeed } from './support/pem.js';
import { C2SP, GO, RFC8032, SUMDB } from './support/published-notes.js';

const NOTE_INVALID = expect.objectContaining({ code: 'NOTE_INVALID' });
const CONFIG_INVALID = expect.objectContaining({ code: 'CONFIG_INVALID' });
const peter = parseVerifierKey(GO.peter.vkey);
const enoch = parseVerifierKey(GO.enoch.vkey);
const signer = createSigner('log.example/one', pemOfSeed(RFC8032.seed));
const petersNote = `${GO.text}\n${GO.peter.line}`;
const ourLine = (text: string) => signNote(text, signer).slice(text.length + 1);

describe('published notes', () => {
  it('of Go (x/mod/sumdb/note) is opened, and signed with its key to the same bytes', () => {
    expect(openNote(petersNote, [peter])).toEqual({ text: GO.text, signedBy: [peter] });
    const again = createSigner('PeterNeumann', pemOfSeed(GO.peter.seed));
    expect(again.key).toEqual(peter);
    expect(signNote(GO.text, again)).toBe(petersNote);
  });

  it('of C2SP (signed-note) is opened', () => {
    const key = parseVerifierKey(C2SP.vkey);
    expect(openNote(C2SP.note, [key])).toEqual({ text: 'This is an example message.\n', signedBy: [key] });
  });

  it('of sum.golang.org, whose base64 has a plus, is opened', () => {
    const key = parseVerifierKey(SUMDB.vkey);
    expect(openNote(SUMDB.note, [key]).signedBy).toEqual([key]);
  });

  it('with two signatures is signed by those of its signers that are known, in order of the lines', () => {
    const note = `${GO.text}\n${GO.peter.line}${GO.enoch.line}`;
    expect(openNote(note, [enoch, peter]).signedBy).toEqual([peter, enoch]);
    expect(openNote(note, [peter]).signedBy).toEqual([peter]);
    expect(openNote(note, [enoch]).signedBy).toEqual([enoch]);
    expect(() => openNote(note, [])).toThrow(NOTE_INVALID);
  });

  it('with a signature twice names its signer once', () => {
    const note = `${GO.text}\n${GO.peter.line}${GO.peter.line}${GO.enoch.line}`;
    expect(openNote(note, [peter]).signedBy).toEqual([peter]);
  });
});

describe('a signer', () => {
  it('has the public key and signatures of RFC 8032', () => {
    expect(signer.key.publicKey.toString('hex')).toBe(RFC8032.publicKey.toString('hex'));
    expect(signer.sign('').toString('hex')).toBe(RFC8032.signatureOfNothing.toString('hex'));
  });

  it('has a verifier key that is read back', () => {
    expect(parseVerifierKey(signer.key.text)).toEqual(signer.key);
  });

  it.each([
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['an X25519 key', generateKeyPairSync('x25519').privateKey],
    ['an Ed448 key', generateKeyPairSync('ed448').privateKey],
  ])('is not made of %s', (_, key) => {
    const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(() => createSigner('log.example', pem)).toThrow(CONFIG_INVALID);
  });

  it('is not made of a text that is no private key, and the text is not in the error', () => {
    const pair = generateKeyPairSync('ed25519');
    const encrypted = pair.privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    }) as string;
    const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    for (const pem of ['', 'c2VjcmV0', pemOfSeed(RFC8032.seed).slice(0, -40), encrypted, publicPem]) {
      const failure = failureOf(() => createSigner('log.example', pem));
      expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
      expect(failure.cause).toBeUndefined();
      if (pem !== '') expect(failure.message).not.toContain(pem);
    }
  });

  it.each(['', 'a b', 'a+b', 'a\tb', 'a\nb', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\u0001b', 'a\ud800b'])(
    'is not made under the name %j',
    (name) => {
      expect(() => createSigner(name, pemOfSeed(RFC8032.seed))).toThrow(CONFIG_INVALID);
    },
  );

  it('does not sign a text that a note cannot carry', () => {
    for (const text of [
      '',
      'x',
      'x\n\ny',
      'x\ty\n',
      '\u0001\n',
      'x\r\n',
      '\ud800\n',
      `${'x'.repeat(65_536)}\n`,
    ])
      expect(() => signNote(text, signer)).toThrow(NOTE_INVALID);
  });
});

describe('a verifier key', () => {
  it.each([GO.peter.vkey, GO.enoch.vkey, C2SP.vkey, SUMDB.vkey])(
    '%s is read and written the same',
    (text) => {
      const key = parseVerifierKey(text);
      expect(key.text).toBe(text);
      expect(`${key.name}+${key.id.toString('hex')}`).toBe(text.slice(0, key.name.length + 9));
      expect(key.publicKey).toHaveLength(32);
    },
  );

  // As TestNewVerifier of golang.org/x/mod does.
  it('is refused as any part of itself, and with any character changed', () => {
    const read: string[] = [];
    const tryOne = (text: string) => {
      const failure = failureOf(() => parseVerifierKey(text));
      if (failure.code !== 'CONFIG_INVALID') read.push(text);
    };
    const { vkey } = GO.peter;
    for (let from = 0; from <= vkey.length; from += 1)
      for (let to = from + 1; to <= vkey.length; to += 1)
        if (from !== 0 || to !== vkey.length) tryOne(vkey.slice(from, to));
    for (let at = 0; at < vkey.length; at += 1)
      tryOne(vkey.slice(0, at) + String.fromCharCode(vkey.charCodeAt(at) + 1) + vkey.slice(at + 1));
    expect(read).toEqual([]);
  });

  it.each([
    // The two that TestNewVerifier adds: another length and another algorithm, with the id adjusted.
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    '',
    '++',
    ` ${GO.peter.vkey}`,
    `${GO.peter.vkey}\n`,
    GO.peter.vkey.replace('c74f20a3', 'C74F20A3'),
    GO.peter.vkey.replace('/', '_'),
    `${GO.peter.vkey}=`,
    'a b+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ])('%j is refused', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(CONFIG_INVALID);
  });
});

describe('opening a note', () => {
  const anyText = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => {
    const printable = [...text].filter((unit) => unit === '\n' || unit >= ' ').join('');
    return `${printable}\n`;
  });

  it('gives the text that was signed, empty lines and all', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.constantFrom('\n', '\n\n', 'a\n\nb\n', 'Ilgaz Dağı, ığüşöç\n')),
        (text) => {
          expect(openNote(signNote(text, signer), [signer.key])).toEqual({ text, signedBy: [signer.key] });
        },
      ),
    );
  });

  it('refuses a note with any one character of text or signature changed, dropped or doubled', () => {
    const note = signNote('log.example\n12\nroot\n', signer);
    const opened: string[] = [];
    for (let at = 0; at < note.length; at += 1)
      for (const instead of ['', 'A', '\n', ' ', note.charAt(at).repeat(2)]) {
        const changed = note.slice(0, at) + instead + note.slice(at + 1);
        if (changed === note) continue;
        const failure = failureOf(() => openNote(changed, [signer.key]));
        if (failure.code !== 'NOTE_INVALID') opened.push(changed);
      }
    expect(opened).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a text alone', GO.text],
    ['a text and a blank line', `${GO.text}\n`],
    ['a signature without its newline', `${GO.text}\n${GO.peter.line.slice(0, -1)}`],
    ['a control character', `\u0001${GO.text}\n${GO.peter.line}`],
    ['a carriage return', petersNote.replaceAll('\n', '\r\n')],
    ['half of a surrogate pair', `\ud800${petersNote}`],
    ['a name with a space', petersNote.replace('PeterNeumann', 'Bad Name')],
    ['a name with a no-break space', petersNote.replace('PeterNeumann', 'Bad\u00a0Name')],
    ['a name with a plus', petersNote.replace('PeterNeumann', 'Bad+Name')],
    ['no name', petersNote.replace('PeterNeumann ', '')],
    ['a line that is no signature', `${petersNote}Unexpected line.\n`],
    ['a hyphen instead of the dash', petersNote.replace('—', '-')],
    ['an en dash', petersNote.replace('—', '–')],
    ['two spaces', petersNote.replace('— ', '—  ')],
    ['a space at the end', `${petersNote.slice(0, -1)} \n`],
    ['base64 without padding', petersNote.replace('=\n', '\n')],
    ['base64 with superfluous bits', petersNote.replace('AM=\n', 'AN=\n')],
    ['base64 of the other alphabet', petersNote.replaceAll('/', '_')],
    ['a signature that is an id alone', `${petersNote}— Somebody x08gow==\n`],
    ['a blank line at the end', `${petersNote}\n`],
    ['nothing but a signature', GO.peter.line],
  ])('refuses %s', (_, note) => {
    expect(() => openNote(note, [peter])).toThrow(NOTE_INVALID);
  });

  it('ignores signatures by others, also under a name or an id that is known', () => {
    const text = 'x\n';
    const other = (name: string, id: Buffer) =>
      `\u2014 ${name} ${Buffer.concat([id, Buffer.alloc(64, 7)]).toString('base64')}\n`;
    const sameName = other(signer.key.name, Buffer.of(1, 2, 3, 4));
    const sameId = other('log.example/two', signer.key.id);
    expect(openNote(`${text}\n${sameName}${sameId}${ourLine(text)}`, [signer.key]).signedBy).toEqual([
      signer.key,
    ]);
    expect(() => openNote(`${text}\n${sameName}${sameId}`, [signer.key])).toThrow(NOTE_INVALID);
  });

  it('refuses a signature by a known key that does not verify, also beside one that does', () => {
    const wrong = ourLine('another text\n');
    expect(() => openNote(`x\n\n${wrong}`, [signer.key])).toThrow(NOTE_INVALID);
    expect(() => openNote(`x\n\n${ourLine('x\n')}${wrong}`, [signer.key])).toThrow(NOTE_INVALID);
    const petersAndWrong = `${petersNote}${wrong}`;
    expect(openNote(petersAndWrong, [peter]).signedBy).toEqual([peter]);
    expect(() => openNote(petersAndWrong, [peter, signer.key])).toThrow(NOTE_INVALID);
  });

  it('refuses a signature of another length by a known key', () => {
    const bytes = Buffer.concat([signer.key.id, signer.sign('x\n')]);
    for (const signature of [bytes.subarray(0, 67), Buffer.concat([bytes, Buffer.of(0)])]) {
      const line = `\u2014 ${signer.key.name} ${signature.toString('base64')}\n`;
      expect(() => openNote(`x\n\n${line}`, [signer.key])).toThrow(NOTE_INVALID);
    }
  });

  it('does not take a key that was made to have the id of another', () => {
    const impostor: VerifierKey = { ...signer.key, publicKey: peter.publicKey };
    expect(() => openNote(signNote('x\n', signer), [impostor])).toThrow(NOTE_INVALID);
  });

  it('takes 16 signatures and refuses 17', () => {
    expect(openNote(`${petersNote}${GO.enoch.line.repeat(15)}`, [peter]).signedBy).toEqual([peter]);
    expect(() => openNote(`${petersNote}${GO.enoch.line.repeat(16)}`, [peter])).toThrow(NOTE_INVALID);
  });

  it('takes 64 KiB and refuses a byte more, counted in UTF-8', () => {
    const rest = signNote('\n', signer).length + 2; // the dash takes three bytes
    const longest = `${'ş'.repeat((65_536 - rest) >> 1)}${rest % 2 === 1 ? 'x' : ''}\n`;
    expect(openNote(signNote(longest, signer), [signer.key]).text).toBe(longest);
    expect(() => signNote(`x${longest}`, signer)).toThrow(NOTE_INVALID);
    expect(() => openNote(`x${longest}\n${ourLine('\n')}`, [signer.key])).toThrow(
      expect.objectContaining({ message: expect.stringContaining('longer') }),
    );
  });

  it('opens or refuses, and fails in no other way, whatever it is given', () => {
    const anyNote = fc
      .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\n\n', '\u2014 ', GO.peter.line)))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(anyNote, (note) => {
        expect(failureOf(() => openNote(note, [peter, signer.key]))).toMatchObject({ code: 'NOTE_INVALID' });
      }),
    );
  });
});

function failureOf(work: () => unknown): { code?: string; message: string; cause?: unknown } {
  try {
    work();
  } catch (error) {
    return error as { code?: string; message: string; cause?: unknown };
  }
  return { message: 'nothing failed' };
}
