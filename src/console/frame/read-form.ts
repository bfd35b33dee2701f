import busboy from 'busboy';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { FormFields } from './call.js';
import { ConsoleRefusal } from './console-problem.js';

/** Texts that people type; the longest field holds a few thousand characters. */
const MAX_FORM_BYTES = 65_536;
const MAX_FIELDS = 200;
const MAX_FILE_NAME = 200;
const MAX_FIELD_NAME = 100;

const parseUrlencoded: RequestHandler = express.urlencoded({
  extended: false,
  limit: MAX_FORM_BYTES,
  parameterLimit: MAX_FIELDS,
});

/** Reads a form without files. Errors: `BODY_TOO_LARGE`, `FORM_INVALID` (`unreadable`). */
export async function readUrlencoded(request: Request, response: Response): Promise<FormFields> {
  await new Promise<void>((resolve, reject) => {
    void parseUrlencoded(request, response, (cause?: unknown) => {
      if (cause === undefined) resolve();
      else if ((cause as { type?: unknown }).type === 'entity.too.large')
        reject(new ConsoleRefusal('BODY_TOO_LARGE', null, { cause }));
      else reject(new ConsoleRefusal('FORM_INVALID', 'unreadable', { cause }));
    });
  });
  const body: unknown = request.body;
  const entries =
    typeof body === 'object' && body !== null
      ? Object.entries(body).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
        )
      : [];
  return fieldsOf(entries, null);
}

/** A form with one file at the most. Errors: `BODY_TOO_LARGE`, `FORM_INVALID`. */
export function readMultipart(request: Request, maxFileBytes: number): Promise<FormFields> {
  return new Promise((resolve, reject) => {
    const entries: [string, string][] = [];
    let file: UploadedFile | null = null;
    const fail = (code: 'BODY_TOO_LARGE' | 'FORM_INVALID', cause?: unknown) => {
      request.unpipe();
      request.resume();
      reject(new ConsoleRefusal(code, code === 'FORM_INVALID' ? 'unreadable' : null, { cause }));
    };
    let bytes = 0;
    let parser: busboy.Busboy;
    try {
      parser = busboy({
        headers: request.headers,
        defParamCharset: 'utf8',
        limits: {
          fields: MAX_FIELDS,
          fieldSize: MAX_FORM_BYTES,
          files: 1,
          fileSize: maxFileBytes,
          parts: MAX_FIELDS + 1,
        },
      });
    } catch (cause) {
      fail('FORM_INVALID', cause);
      return;
    }
    parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (nameTruncated || name.length > MAX_FIELD_NAME) fail('FORM_INVALID');
      else if (valueTruncated || bytes > MAX_FORM_BYTES) fail('BODY_TOO_LARGE');
      else entries.push([name, value]);
    });
    parser.on('file', (field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail('BODY_TOO_LARGE'));
      stream.on('end', () => {
        if (filename !== undefined && filename !== '')
          file = { field, name: clean(filename).slice(0, MAX_FILE_NAME), bytes: Buffer.concat(chunks) };
      });
    });
    parser.on('filesLimit', () => fail('FORM_INVALID'));
    parser.on('fieldsLimit', () => fail('FORM_INVALID'));
    parser.on('partsLimit', () => fail('FORM_INVALID'));
    parser.on('error', (cause) => fail('FORM_INVALID', cause));
    parser.on('close', () => resolve(fieldsOf(entries, file)));
    // Somebody who left in the middle: the parser alone would wait for ever.
    request.once('close', () => {
      if (!request.complete) fail('FORM_INVALID');
    });
    request.pipe(parser);
  });
}

/** No fields: of a page. */
export const NO_FIELDS: FormFields = { get: () => '', all: () => [], file: () => null, entries: [] };

interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Buffer;
}

function fieldsOf(entries: readonly (readonly [string, string])[], file: UploadedFile | null): FormFields {
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), clean(value)]);
  return {
    get: (name) => {
      const found = values.get(name);
      return found?.length === 1 ? (found[0] ?? '') : '';
    },
    all: (name) => values.get(name) ?? [],
    file: (name) => (file?.field === name ? { name: file.name, bytes: file.bytes } : null),
    entries: [...values].flatMap(([name, all]) => all.map((value) => [name, value] as const)),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]/g;

/** A text that came from outside: NFC, lines end with LF, no other control characters, nothing blank at its ends. */
export function clean(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replace(CONTROL, '').trim();
}
