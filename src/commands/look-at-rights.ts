import { isKnownKind } from '../authority/competence.js';
import type { BridgeConfig } from '../config/schema.js';
import { listQueues } from '../events/webhooks/list-webhooks.js';
import type { Database } from '../storage/database.js';
import { type Finding, findingOf } from './finding.js';

/** So many kinds are named in one line. */
const NAMED = 5;
// The registry has some dozen kinds; more are some mistake, and the first ones show it.
const KINDS = `SELECT DISTINCT tur, kanun FROM bridge.authority_cooperative ORDER BY tur, kanun LIMIT 1000`;

/** Kinds of cooperatives that the table of competences lacks, and webhooks that were given up. */
export async function lookAtRights(config: BridgeConfig, db: Database): Promise<readonly Finding[]> {
  return [
    await findingOf('kinds of cooperatives', () => lookAtKinds(db)),
    await findingOf('webhooks', () => lookAtWebhooks(config, db)),
  ];
}

/** All others are Ticaret's (Yönetmelik m.3), so it is no fault, but somebody should look whether the table lacks a row. */
async function lookAtKinds(db: Database): Promise<Finding> {
  const name = 'kinds of cooperatives';
  const { rows } = await db.query<{ tur: string; kanun: string }>({ text: KINDS });
  const unknown = rows.filter((kind) => !isKnownKind(kind));
  if (unknown.length === 0) return { name, ok: true, text: 'each stands in the table of competences' };
  const named = unknown.slice(0, NAMED).map(({ tur, kanun }) => `${tur} (${kanun})`);
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : '';
  const text = `the table of competences lacks ${named.join(', ')}${more}: taken for Ticaret’s; look whether that is right`;
  return { name, ok: true, text };
}

async function lookAtWebhooks({ clients }: BridgeConfig, db: Database): Promise<Finding> {
  const name = 'webhooks';
  const dead = (await listQueues(db, null)).filter((queue) => queue.dead > 0);
  if (dead.length === 0) return { name, ok: true, text: 'none was given up' };
  const texts = dead.map(({ client, dead: count }) => {
    const isReceiver = clients.some(({ id, webhook }) => id === client && webhook !== undefined);
    return `${client}: ${count}${isReceiver ? '' : ' (no longer registered)'}`;
  });
  const text = `given up for ${texts.join(', ')}; mend the receiver, then bridge webhooks redrive --client ID`;
  return { name, ok: false, text };
}
