import { inflateSync } from 'node:zlib';

/** A text as it stands on a page, points from the lower left. */
export interface PlacedText {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
}

interface Stream {
  readonly dictionary: string;
  readonly data: string;
}

/**
 * The texts of a PDF that pdfkit wrote: content streams inflated, codes turned into characters by each font's ToUnicode map, as a viewer does
 * when text is copied. Knows what pdfkit writes and nothing else.
 */
export function pdfTexts(file: Buffer): readonly PlacedText[] {
  const objects = objectsOf(file);
  const mapOf = fontMaps(objects);
  const pages = [...objects.values()].filter(({ dictionary }) => /\/Type \/Page\b(?!s)/.test(dictionary));
  return pages.flatMap(({ dictionary }, page) => {
    const contents = objects.get(reference(dictionary, 'Contents'));
    return textsOf(contents?.data ?? '', mapOf).map((one) => ({ page, ...one }));
  });
}

/** Texts of one line from left to right; lines from top to bottom. */
export function pdfLines(file: Buffer): readonly (readonly string[])[] {
  const lines = new Map<string, PlacedText[]>();
  for (const one of pdfTexts(file)) {
    const key = `${one.page} ${one.y.toFixed(1)}`;
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  return [...lines.values()].map((line) => line.sort((a, b) => a.x - b.x).map(({ text }) => text));
}

function objectsOf(file: Buffer): ReadonlyMap<number, Stream> {
  const text = file.toString('latin1');
  const objects = new Map<number, Stream>();
  for (const match of text.matchAll(/(\d+) 0 obj\n(<<[\s\S]*?>>|\[[\s\S]*?\])\n(stream\n|endobj)/g)) {
    const [whole, id, dictionary = '', after] = match;
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0);
    const start = (match.index ?? 0) + whole.length;
    const raw = after === 'stream\n' ? file.subarray(start, start + length) : Buffer.alloc(0);
    const data = raw.length > 0 && dictionary.includes('FlateDecode') ? inflateSync(raw) : raw;
    objects.set(Number(id), { dictionary, data: data.toString('latin1') });
  }
  return objects;
}

const reference = (dictionary: string, name: string) =>
  Number(new RegExp(`/${name} (\\d+) 0 R`).exec(dictionary)?.[1] ?? -1);

type Characters = ReadonlyMap<string, string>;

/** By the name that content streams call a font by. */
function fontMaps(objects: ReadonlyMap<number, Stream>): ReadonlyMap<string, Characters> {
  const maps = new Map<string, Characters>();
  for (const { dictionary } of objects.values())
    for (const [, name = '', id] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const font = objects.get(Number(id));
      const map = objects.get(reference(font?.dictionary ?? '', 'ToUnicode'));
      if (map !== undefined) maps.set(name, charactersOf(map.data));
    }
  return maps;
}

function charactersOf(map: string): Characters {
  const characters = new Map<string, string>();
  for (const [, first = '', , list = ''] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi))
    [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex = ''], i) => {
      const code = (Number.parseInt(first, 16) + i).toString(16).padStart(4, '0');
      const units = hex.replace(/ /g, '').match(/.{4}/g) ?? [];
      characters.set(code, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    });
  return characters;
}

function textsOf(
  content: string,
  mapOf: ReadonlyMap<string, Characters>,
): readonly Omit<PlacedText, 'page'>[] {
  return [...content.matchAll(/BT\n([\s\S]*?)\nET/g)].map(([, block = '']) => {
    const [, x, y] = /1 0 0 1 (\S+) (\S+) Tm/.exec(block) ?? [];
    const map = mapOf.get(/\/(F\d+) /.exec(block)?.[1] ?? '');
    const codes = [...block.matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    const size = Number(/\/F\d+ (\S+) Tf/.exec(block)?.[1]);
    const text = codes.map((code) => map?.get(code.toLowerCase()) ?? '\ufffd').join('');
    return { x: Number(x), y: Number(y), size, text };
  });
}
