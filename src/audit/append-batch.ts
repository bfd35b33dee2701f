import { istanbulYear } from '../calendar/istanbul-day.js';
import { BridgeError } from '../errors/bridge-error.js';
import type { Transaction } from '../storage/database.js';
import { checkSettled } from './check-settled.js';
import { type CompactRange, decodeRange, encodeRange, extendRange } from './compact-range.js';
import type { EntryDraft, Receipt } from './entry.js';
import { closeLine, type OpenLine, openLine } from './entry-line.js';
import type { EffectApplier, PlacedEffect, Settled } from './lane.js';
import { leafHash } from './leaf-hash.js';
import type { MasterKeys } from './master-keys.js';
import { loadPersonKeys, sideTag } from './person-keys.js';
import type { PersonTagger } from './person-tags.js';
import { type SealedValue, sealValue } from './seal.js';

/** What a batch needs beside its transaction. */
export interface BatchTools {
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly appliers: ReadonlyMap<string, EffectApplier>;
}

interface TagRow {
  readonly tag: Buffer;
  readonly entry: number;
}

interface HeadRow {
  size: bigint;
  compact_range: Buffer;
  last_at: Date;
}

const LOCK_HEAD = 'SELECT size, compact_range, last_at FROM bridge.log_head FOR UPDATE';

// Lines hold no newline (JSON escapes it), so one text carries them all: no array quoting on either side.
const APPEND = `WITH added AS (
  INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
  SELECT $1::bigint + r.n - 1, r.id, $2::timestamptz, r.kind, substring($6::bytea from (r.n::int - 1) * 32 + 1 for 32), r.line
  FROM ROWS FROM (string_to_table($3::text, E'\\n'), unnest($4::uuid[]), unnest($5::text[])) WITH ORDINALITY AS r(line, id, kind, n)
), tagged AS (
  INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
  SELECT substring($7::bytea from (t.n::int - 1) * 16 + 1 for 16), $1::bigint + t.entry, $9, $10
  FROM unnest($8::int[]) WITH ORDINALITY AS t(entry, n)
)
UPDATE bridge.log_head SET size = $11, compact_range = $12, last_at = $2`;

/**
 * Writes the entries of all items, then their effects, inside `tx`. The head is locked last of all shared rows; from
 * there on nothing waits for anybody. Returns one list of receipts for each item.
 * Errors: `ENTRY_INVALID` for an entry that has no canonical form, and for what `checkSettled` refuses.
 */
export async function appendBatch(
  tx: Transaction,
  settled: readonly Settled<unknown>[],
  tools: BatchTools,
  now: Date,
): Promise<readonly Receipt[][]> {
  checkSettled(settled, tools.appliers);
  const drafts = settled.flatMap((item) => item.entries);
  if (drafts.length === 0) return settled.map(() => []);
  const year = istanbulYear(now);
  const { lines, tags } = await writeLines(tx, drafts, tools, year);

  const { rows } = await tx.query<HeadRow>({ name: 'log-head', text: LOCK_HEAD });
  const head = rows[0];
  if (head === undefined) throw new BridgeError('ENTRY_INVALID', 'log_head has no row');
  const at = new Date(Math.max(head.last_at.getTime(), now.getTime()));
  const closed = lines.map((line) => closeLine(line, at));
  const hashes = closed.map(leafHash);
  const range = extendRange(decodeRange(head.size, head.compact_range), hashes);
  await insertLines(tx, {
    first: head.size,
    at,
    closed,
    lines,
    hashes,
    tags,
    range,
    year,
    tagKeyId: tools.tagger.keyId,
  });

  const receipts = hashes.map(
    (hash, i): Receipt => ({ leafIndex: head.size + BigInt(i), leafHash: hash, at }),
  );
  let next = 0;
  const perItem = settled.map((item) => {
    const from = next;
    next += item.entries.length;
    return receipts.slice(from, next);
  });
  await applyEffects(tx, settled, perItem, tools.appliers);
  return perItem;
}

async function writeLines(tx: Transaction, drafts: readonly EntryDraft[], tools: BatchTools, year: number) {
  const wanted = wantedKeys(drafts, tools.tagger);
  const keys = await loadPersonKeys(tx, tools.masterKeys, tools.tagger, wanted, year);
  const tags: TagRow[] = [];
  let next = 0;
  const lines = drafts.map((draft, entry) => {
    const sealed = new Map<string, SealedValue>();
    const own: Buffer[] = [];
    for (const value of draft.personal) {
      const { tag } = wanted[next++] as (typeof wanted)[number];
      const key = keys.get(tag.toString('hex'));
      if (key === undefined) throw new BridgeError('KEY_DESTROYED', 'a key of this batch is gone');
      sealed.set(value.field, sealValue(value.text, key.keyId, key.key, draft.id, value.field));
      if (value.indexed) own.push(tag);
    }
    // Two values of one person are one row. Looked for here: ON CONFLICT would cost PostgreSQL a quarter of the append.
    for (const [i, tag] of own.entries()) {
      if (own.findIndex((other) => other.equals(tag)) === i) tags.push({ tag, entry });
    }
    try {
      return openLine(draft, sealed);
    } catch (cause) {
      throw new BridgeError('ENTRY_INVALID', 'an entry has no canonical form', {
        fields: { kind: draft.kind },
        cause,
      });
    }
  });
  return { lines, tags };
}

/** Every personal value of the batch with the tag of its person; made once for each, since a batch names its askers often. */
function wantedKeys(drafts: readonly EntryDraft[], tagger: PersonTagger) {
  const made = new Map<string, Buffer>();
  return drafts.flatMap((draft) =>
    draft.personal.map((value) => {
      const { side, person } = value;
      const name = `${side} ${person.reveal()}`;
      const tag = made.get(name) ?? sideTag(tagger, side, person);
      made.set(name, tag);
      return { side, tag, value };
    }),
  );
}

interface Insertion {
  readonly first: bigint;
  readonly at: Date;
  readonly closed: readonly string[];
  readonly lines: readonly OpenLine[];
  readonly hashes: readonly Buffer[];
  readonly tags: readonly TagRow[];
  readonly range: CompactRange;
  readonly year: number;
  readonly tagKeyId: number;
}

async function insertLines(tx: Transaction, insertion: Insertion): Promise<void> {
  await tx.query({
    name: 'log-append',
    text: APPEND,
    values: [
      insertion.first,
      insertion.at,
      insertion.closed.join('\n'),
      insertion.lines.map((line) => line.id),
      insertion.lines.map((line) => line.kind),
      Buffer.concat(insertion.hashes),
      Buffer.concat(insertion.tags.map((row) => row.tag)),
      insertion.tags.map((row) => row.entry),
      insertion.tagKeyId,
      insertion.year,
      insertion.range.size,
      encodeRange(insertion.range),
    ],
  });
}

async function applyEffects(
  tx: Transaction,
  settled: readonly Settled<unknown>[],
  receipts: readonly Receipt[][],
  appliers: ReadonlyMap<string, EffectApplier>,
): Promise<void> {
  const byKind = new Map<string, PlacedEffect[]>();
  settled.forEach((item, i) => {
    for (const effect of item.effects) {
      const placed = byKind.get(effect.kind) ?? [];
      placed.push({
        effect,
        receipt: receipts[i]?.at(-1) as Receipt,
        leafOf: leafIn(item, receipts[i] ?? []),
      });
      byKind.set(effect.kind, placed);
    }
  });
  // In order of kinds, so that two instances touch tables in the same order.
  for (const kind of [...byKind.keys()].sort()) {
    await appliers.get(kind)?.apply(tx, byKind.get(kind) as PlacedEffect[]);
  }
}

/** Where the entries of an item stand, by their ids. */
function leafIn({ entries }: Settled<unknown>, receipts: readonly Receipt[]): (entryId: string) => bigint {
  return (entryId) => {
    const receipt = receipts[entries.findIndex(({ id }) => id === entryId)];
    if (receipt === undefined)
      throw new BridgeError('ENTRY_INVALID', 'an effect names an entry that is not its item’s');
    return receipt.leafIndex;
  };
}
