import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readJsonBody } from '../../src/api/read-body.js';
import { digitsOf, SUBJECT } from '../verification/support/parts.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A request whose body comes in the given pieces. */
function requestOf(headers: Record<string, string>, ...pieces: (string | Buffer)[]): IncomingMessage {
  const stream = new PassThrough();
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return Object.assign(stream, { headers }) as unknown as IncomingMessage;
}

const read = (headers: Record<string, string>, ...pieces: (string | Buffer)[]) =>
  readJsonBody(requestOf(headers, ...pieces), 64);

describe('a JSON body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON ; charset=utf-8 ',
  ])('of type "%s" is read', async (type) => {
    expect(await read({ 'content-type': type }, '{"a":', '1}')).toEqual({ ok: true, json: { a: 1 } });
  });

  it.each([
    '',
    'text/plain',
    'application/jsonp',
    'application/json, text/plain',
    'application/json; charset=iso-8859-9',
    'application/problem+json',
    'application/x-www-form-urlencoded',
  ])('of type "%s" is not', async (type) => {
    expect(await read({ 'content-type': type }, '{}')).toEqual({ ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' });
  });

  it('without a type is not read, and neither is a compressed one: it could unpack without end', async () => {
    expect(await read({}, '{}')).toEqual({ ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' });
    const compressed = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect(await read(compressed, '{}')).toEqual({ ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' });
    const plain = { ...JSON_TYPE, 'content-encoding': 'identity' };
    expect(await read(plain, '{}')).toEqual({ ok: true, json: {} });
  });

  it('may have exactly as many bytes as allowed, counted in bytes and not in letters', async () => {
    const exact = JSON.stringify('ş'.repeat(31));
    expect(Buffer.byteLength(exact)).toBe(64);
    expect(await read(JSON_TYPE, exact)).toMatchObject({ ok: true });
    const tooLarge = { ok: false, code: 'BODY_TOO_LARGE' };
    expect(await read(JSON_TYPE, JSON.stringify(`${'ş'.repeat(31)}a`))).toEqual(tooLarge);
    expect(await read({ ...JSON_TYPE, 'content-length': '65' }, ' '.repeat(65))).toEqual(tooLarge);
  });

  it('that never ends is given up, whatever its headers say', async () => {
    const stream = new PassThrough();
    const request = Object.assign(stream, { headers: JSON_TYPE }) as unknown as IncomingMessage;
    const reading = readJsonBody(request, 64);
    const piece = Buffer.alloc(64 * 1024, 32);
    let written = 0;
    let given: unknown;
    void reading.then((body) => {
      given = body;
    });
    while (given === undefined && written < 8 * 1024 * 1024) {
      stream.write(piece);
      written += piece.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(given).toEqual({ ok: false, code: 'BODY_TOO_LARGE' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a document', Buffer.from('{"a":')],
    ['two documents', Buffer.from('{}{}')],
    ['a text of ours in quotes that are none', Buffer.from("{'a':1}")],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['half a letter', Buffer.from([0x22, 0xc5, 0x22])],
    ['a letter in more bytes than needed', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('of %s is not JSON', async (_name, bytes) => {
    expect(await read(JSON_TYPE, bytes)).toEqual({
      ok: false,
      code: 'REQUEST_INVALID',
      reason: 'body: not JSON',
    });
  });

  it('whose letters fall between two pieces is read whole', async () => {
    const bytes = Buffer.from('{"ad":"Şükrü"}');
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    expect(await read(JSON_TYPE, ...pieces)).toEqual({ ok: true, json: { ad: 'Şükrü' } });
  });

  it('that is cut off is told as incomplete', async () => {
    const stream = new PassThrough();
    const request = Object.assign(stream, { headers: JSON_TYPE }) as unknown as IncomingMessage;
    const reading = readJsonBody(request, 64);
    stream.write('{"a"');
    setImmediate(() => stream.destroy());
    expect(await reading).toEqual({ ok: false, code: 'REQUEST_INVALID', reason: 'body: incomplete' });
  });

  it('that is broken is never quoted', async () => {
    const number = digitsOf(SUBJECT);
    expect(JSON.stringify(await read(JSON_TYPE, `{"kimlikNo": ${number}x}`))).not.toContain(number);
  });
});
