import { createCipheriv, randomBytes } from 'node:crypto';
import { pemOf } from './authority.js';
import { type House, instant, ORIGIN } from './export-folder.js';
import { type Bytes, bytesOf } from './folder.js';
import { checkpointOf } from './signer.js';
import { timeStamp } from './token.js';
import { inclusionProof, leafHash, rootOf } from './tree.js';

export const QUERY = '6f6f1d0e-5b2c-4c55-9d53-6a1f0c8f2b11';
const SESSION = 'b0c7b7f2-9a55-4f0e-8f1d-0f6f7a3a9c21';
export const KEY = randomBytes(32);
/** Not a number of anybody: its check digits are wrong. */
export const NUMBER = '10000000000';

type Data = Record<string, unknown>;

/** An entry of the story: its role, leaf, kind and data. */
export interface Part {
  readonly role: string;
  readonly leaf: number;
  readonly kind: string;
  readonly data: Data;
}

const fee = {
  account: 'main',
  amountKurus: 60,
  feeClass: 'paying',
  quarter: '2026-Q4',
  unitPriceKurus: 60,
  units: 1,
};
const tariff = [
  { active: true, amountKurus: 30, basis: 'per-input-datum', from: '2026-01-01', gazette: '33123' },
];

/** The story of one query as the log tells it. */
export const STORY: readonly Part[] = [
  { role: 'tariff', leaf: 1, kind: 'bridge.started', data: { instance: 'a', tariff } },
  {
    role: 'authority',
    leaf: 3,
    kind: 'authority.changed',
    data: {
      cooperative: '0123456789012345',
      seats: [{ seat: 'seat-0' }, { seat: 'seat-1' }],
      source: 'mersis',
      version: 7,
    },
  },
  {
    role: 'sign-in',
    leaf: 4,
    kind: 'session.opened',
    data: { acr: 'urn:koopbis:acr:two-step', session: SESSION },
  },
  {
    role: 'intent',
    leaf: 6,
    kind: 'query.intent',
    data: {
      account: 'main',
      actor: { acr: 'urn:koopbis:acr:two-step', authTime: instant(4), session: SESSION },
      authority: { basis: 'seat-1', role: 'board', version: 7 },
      cooperative: '0123456789012345',
      feeClass: 'paying',
      instance: 'a',
      price: { basis: 'per-input-datum', gazette: '33123', unitPriceKurus: 60 },
      query: QUERY,
      service: 'KutukServis',
      serviceVersion: '2024/04/01',
    },
  },
  {
    role: 'outcome',
    leaf: 8,
    kind: 'query.outcome',
    data: { fee, intent: 6, outcome: 'match', query: QUERY },
  },
  { role: 'read', leaf: 9, kind: 'query.read', data: { of: QUERY } },
];

/** `parts` with the data of one role changed; a member that is `undefined` goes. */
export function told(role: string, changes: Partial<Part>, data: Data = {}): Part[] {
  return STORY.map((part) =>
    part.role === role ? { ...part, ...changes, data: { ...part.data, ...data } } : part,
  );
}

/** The story as entries tell it that name seats by id; with what is changed about the cooperative's entry and the seat's own. */
export function recorded(
  authority: Data = {},
  seat: { readonly leaf?: number; readonly data?: Data } = {},
): Part[] {
  const seats = { kind: 'authority.recorded' };
  const own: Part = {
    role: 'seat',
    leaf: seat.leaf ?? 2,
    kind: 'seat.recorded',
    data: { cooperative: '0123456789012345', role: 'board', seat: 'seat-1', ...seat.data },
  };
  const parts = told('authority', seats, { seats: ['seat-0', 'seat-1'], ...authority });
  return [...parts, own].sort((a, b) => a.leaf - b.leaf);
}

/** The same story by a switch of the tariff, with what is changed about it and about the intent. */
export function switched(changes: Data = {}, intent: Data = {}): Part[] {
  const data = {
    amountKurus: 30,
    basis: 'per-input-datum',
    from: '2026-11-01',
    gazette: '33123',
    inputs: [{ inputs: 2, service: 'KutukServis', version: '2024/04/01' }],
    instance: 'b',
    row: 'rg-33123',
    service: null,
    ...changes,
  };
  return told('intent', {}, intent).map((part) =>
    part.role === 'tariff' ? { ...part, kind: 'fees.tariff-switched', data } : part,
  );
}

/** The story by a switch of this basis, at 60 kuruş in the intent; `outcome`: what its end says, `charged`: for its one unit. */
export function switchedBy(basis: string, outcome: Data = {}, charged = 60): Part[] {
  const price = { basis, gazette: '33123', unitPriceKurus: 60 };
  const fees = { ...fee, amountKurus: charged, unitPriceKurus: charged };
  return switched({ basis, amountKurus: 60, inputs: [] }, { price }).map((part) =>
    part.role === 'outcome' ? { ...part, data: { ...part.data, ...outcome, fee: fees } } : part,
  );
}

function sealed(id: string, field: string) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', KEY, nonce).setAAD(Buffer.from(`${id}\n${field}`));
  const box = Buffer.concat([cipher.update(NUMBER), cipher.final(), cipher.getAuthTag()]);
  return { [field]: { box: box.toString('base64url'), key: 'k1', nonce: nonce.toString('base64url') } };
}

function lineOf({ leaf, kind, data }: Part): string {
  const id = `00000000-0000-4000-8000-${String(leaf).padStart(12, '0')}`;
  const values = kind === 'query.intent' ? sealed(id, 'subject.number') : {};
  return JSON.stringify({ at: instant(leaf), data, eventAt: instant(leaf), id, kind, sealed: values, v: 1 });
}

/** An evidence folder of a log of 12 entries in which `parts` stand, every one of them proved and stamped. */
export async function evidenceFolder(house: House, parts: readonly Part[] = STORY): Promise<Bytes> {
  const { signer, root, tsa } = house;
  const lines = Array.from({ length: 12 }, (_, leaf) =>
    lineOf(
      parts.find((part) => part.leaf === leaf) ?? { role: '', leaf, kind: 'query.read', data: { of: 'x' } },
    ),
  );
  const leaves = lines.map((line) => leafHash(Buffer.from(line)));
  const note = checkpointOf(signer, 12, rootOf(leaves));
  const entries = parts.map(({ leaf, role }) => ({ leaf, role }));
  const reveal = [{ field: 'subject.number', key: KEY.toString('base64url'), leaf: 6, text: NUMBER }];
  const files = bytesOf({
    'evidence.json': JSON.stringify({ entries, madeAt: instant(20), origin: ORIGIN, query: QUERY, v: 1 }),
    checkpoint: note,
    'log.pub': `${signer.vkey}\n`,
    'tsa-ca.pem': pemOf(root),
    'timestamps/12.checkpoint': note,
    'revealed.json': JSON.stringify(reveal),
  });
  const stamp = { signer: tsa, certificates: [tsa], genTime: instant(12) };
  files.set('timestamps/12.tsr', await timeStamp(Buffer.from(note), stamp));
  for (const { leaf } of parts) {
    const hashes = inclusionProof(leaves, leaf).map((hash) => `${hash.toString('base64')}\n`);
    files.set(`entries/${leaf}.json`, Buffer.from(lines[leaf] as string));
    const proof = `c2sp.org/tlog-proof@v1\nindex ${leaf}\n${hashes.join('')}\n${note}`;
    files.set(`entries/${leaf}.tlog-proof`, Buffer.from(proof));
  }
  return files;
}
