import { equalBytes, fromBase64url, utf8, utf8Text } from './bytes.js';
import type { Entry } from './entry.js';
import type { Environment } from './environment.js';
import { type Files, readFile } from './files.js';
import { LIMITS } from './limits.js';
import { type Checks, fail } from './report.js';
import { at, hasExactly, isCount, type Json, parseStrictJson } from './strict-json.js';

const FILE = 'revealed.json';
const FIELD = /^[a-z]{1,20}(\.[a-zA-Z]{1,20}){1,3}$/;

export interface Revealed {
  readonly field: string;
  readonly leaf: number;
  readonly key: Uint8Array;
  readonly text: string;
}

/** Reads `revealed.json`; nothing was revealed where it is missing. */
export async function readRevealed(environment: Environment, files: Files): Promise<readonly Revealed[]> {
  if (!files.has(FILE)) return [];
  const text = utf8Text(await readFile(environment, FILE, LIMITS.revealedBytes));
  const value = parseStrictJson(text ?? '');
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.revealedValues)
    wrong('not a list');
  const revealed = value.map(revealedOf);
  const places = new Set(revealed.map(({ leaf, field }) => `${leaf} ${field}`));
  if (places.size !== revealed.length) wrong('a value stands twice');
  return revealed;
}

function revealedOf(value: Json): Revealed {
  if (!hasExactly(value, ['field', 'key', 'leaf', 'text'])) wrong('members');
  const [field, encoded, leaf, text] = ['field', 'key', 'leaf', 'text'].map((name) => value.get(name));
  const key = typeof encoded === 'string' ? fromBase64url(encoded) : null;
  if (typeof field !== 'string' || !FIELD.test(field)) wrong('field');
  if (!isCount(leaf) || typeof text !== 'string' || key?.length !== 32) wrong('leaf, text or key');
  return { field, leaf, text, key };
}

function wrong(detail: string): never {
  fail('revealed.json beklenen biçimde değil.', 'revealed.json is not of the expected form.', detail);
}

/** For each revealed value: the key opens what the proved entry holds to exactly this text (AES-256-GCM). */
export async function checkRevealed(
  environment: Environment,
  checks: Checks,
  revealed: readonly Revealed[],
  entries: ReadonlyMap<number, Entry>,
): Promise<void> {
  for (const { leaf, field, key, text } of revealed) {
    await checks.check(`revealed-${leaf}-${field}`, async () => {
      const entry = entries.get(leaf);
      const sealed = entry?.sealed.get(field);
      if (entry === undefined || sealed === undefined) noSuchValue(`leaf ${leaf}, ${field}`);
      const [nonce, box] = ['nonce', 'box'].map((name) => bytesAt(sealed, name));
      if (nonce?.length !== 12 || box === undefined || box === null || box.length < 16)
        noSuchValue('nonce or box');
      const place = utf8(`${entry.id}\n${field}`);
      const opened = await environment.openBox({ key, nonce, box, place });
      if (opened === null || !equalBytes(opened, utf8(text))) {
        fail(
          'Açık metin bu kayda ait değil: anahtar ya da metin kayıttaki şifreli değere uymuyor.',
          'The plain text does not belong to this entry: key or text do not fit the sealed value in it.',
          opened === null ? 'the key does not open it' : 'it opens to another text',
        );
      }
      return [
        undefined,
        {
          tr: `Açıklanan değer (${field}), ${leaf} numaralı kayıttaki şifreli değerin tam karşılığıdır.`,
          en: `The revealed value (${field}) is exactly what entry ${leaf} holds in sealed form.`,
        },
      ];
    });
  }
}

function bytesAt(sealed: Json, name: string): Uint8Array | null {
  const text = at(sealed, name);
  return typeof text === 'string' ? fromBase64url(text) : null;
}

function noSuchValue(detail: string): never {
  fail('Kayıtta böyle bir şifreli değer yok.', 'The entry holds no such sealed value.', detail);
}
