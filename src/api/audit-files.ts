import type { RequestHandler, Response } from 'express';
import { parseTilePath, TILE_HEIGHT, TILE_WIDTH, type TileName } from '../audit/tree/tiles.js';
import { sendPlain } from './web-app.js';

/** Where the public files of the log come from. */
export interface AuditFiles {
  /** The newest checkpoint, whichever instance signed it; one question to the database at a time, however many ask. */
  checkpoint(): Promise<{ readonly size: bigint; readonly note: string } | null>;
  /** The first `width` hashes of a tile, or null. */
  tile(name: TileName): Promise<Buffer | null>;
}

/** Tiles read at once: strangers must never hold the connections that the log itself needs. */
const MAX_READING = 2;
/** Requests that wait for one of them; beyond it 503 at once. */
const MAX_WAITING = 64;
const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * `checkpoint` and `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles), for GET and HEAD. Only what the newest checkpoint
 * covers is there: what is not yet signed is nobody's business. Entry bundles are never served.
 */
export function auditFiles(files: AuditFiles): RequestHandler {
  const reading = limiter(MAX_READING, MAX_WAITING);
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.set('Allow', 'GET, HEAD');
      return sendPlain(response, 405, 'GET and HEAD only');
    }
    const path = request.path.slice(1);
    const newest = await files.checkpoint();
    if (newest !== null && path === 'checkpoint')
      return send(response, 'text/plain; charset=utf-8', 'no-cache', Buffer.from(newest.note, 'utf8'));
    const tile = parseTilePath(path);
    if (newest === null || tile === null || !covers(newest.size, tile))
      return sendPlain(response, 404, 'not found');
    const hashes = await reading(() => files.tile(tile));
    if (hashes === 'too many') {
      response.set('Retry-After', '1');
      return sendPlain(response, 503, 'too many at once');
    }
    if (hashes === null) return sendPlain(response, 404, 'not found');
    // What a path of a tile names never changes, partial ones included.
    send(response, 'application/octet-stream', IMMUTABLE, hashes);
  };
}

/** True where every hash of the tile is the root of leaves below `size`. */
function covers(size: bigint, { level, index, width }: TileName): boolean {
  const hashes = size >> BigInt(level * TILE_HEIGHT);
  return index * BigInt(TILE_WIDTH) + BigInt(width) <= hashes;
}

function send(response: Response, type: string, caching: string, body: Buffer): void {
  // Anybody may check the log, also from a page of their own: this is public.
  response.set({
    'Content-Type': type,
    'Cache-Control': caching,
    'Content-Length': String(body.length),
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  // Node sends no body with HEAD.
  response.end(body);
}

/** Runs at most `most` at once, `waiting` behind them in order. */
function limiter(most: number, waiting: number) {
  let running = 0;
  const line: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T | 'too many'> => {
    if (running >= most) {
      if (line.length >= waiting) return 'too many';
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => line.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
