import { LIMITS } from './limits.js';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** Says where a text is no JSON of ours. */
class NotStrictJson extends Error {}

/**
 * JSON with one meaning only: no member twice (two programs would take different ones), safe integers only, no lone
 * surrogates, bounded depth, nothing behind it but one line feed. Throws on everything else. Objects are maps, so that no
 * member's name means anything to the engine.
 */
export function parseStrictJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const WHITE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?![\d.eE])/y;
const WORD = /true|false|null/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > LIMITS.jsonDepth) throw new NotStrictJson('nested too deeply');
    this.#take(WHITE);
    const char = this.#text[this.#at];
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"') return this.#string();
    const word = this.#take(WORD);
    if (word !== null) return word === 'null' ? null : word === 'true';
    const digits = this.#take(NUMBER);
    const number = Number(digits);
    if (digits === null || !Number.isSafeInteger(number) || Object.is(number, -0)) this.#wrong();
    return number;
  }

  end(): void {
    this.#take(WHITE);
    if (this.#at !== this.#text.length) this.#wrong();
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.#at += 1;
    if (this.#skips('}')) return members;
    do {
      this.#take(WHITE);
      const name = this.#string();
      if (members.has(name)) throw new NotStrictJson('a member stands twice');
      if (!this.#skips(':')) this.#wrong();
      members.set(name, this.value(depth + 1));
    } while (this.#skips(','));
    if (!this.#skips('}')) this.#wrong();
    return members;
  }

  #array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#skips(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#skips(','));
    if (!this.#skips(']')) this.#wrong();
    return items;
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') this.#wrong();
    // By hand: a pattern for strings either nests repeats (a missing quote costs exponential time) or eats the stack.
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) this.#wrong();
    this.#at = end + 1;
    // Refuses control characters and unknown escapes.
    const text = JSON.parse(this.#text.slice(start, end + 1)) as string;
    if (/\p{Cs}/u.test(text)) throw new NotStrictJson('a lone surrogate');
    return text;
  }

  #skips(char: string): boolean {
    this.#take(WHITE);
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #wrong(): never {
    throw new NotStrictJson(`not JSON at character ${this.#at}`);
  }
}

/** True for an object with exactly these members. */
export function hasExactly(value: Json | undefined, names: readonly string[]): value is JsonObject {
  return value instanceof Map && value.size === names.length && names.every((name) => value.has(name));
}

/** The value at a path of members, or `undefined` where one of them is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, name) => (inner instanceof Map ? (inner.get(name) as Json | undefined) : undefined),
    value,
  );
}

/** A safe integer from 0. */
export function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}

/** Equal and there: a member that is missing on both sides proves nothing. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && a !== null && a === b;
}
