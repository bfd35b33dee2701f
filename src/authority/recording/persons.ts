import type { MasterKeys } from '../../audit/master-keys.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { Queryable } from '../../storage/database.js';
import { authorityPersonPlace } from './person-place.js';

interface Row {
  person_tag: Buffer;
  person_box: Buffer;
  master_key_id: string;
}

const SELECT = `SELECT person_tag, person_box, master_key_id FROM bridge.authority_person WHERE person_tag = ANY($1::bytea[])`;

/** Numbers behind tags (domain `authority`), by hex of the tag; absent where none is kept or its key is not at hand. */
export async function openPersons(
  db: Queryable,
  masterKeys: MasterKeys,
  tags: readonly Buffer[],
): Promise<ReadonlyMap<string, KimlikNo>> {
  const found = new Map<string, KimlikNo>();
  if (tags.length === 0) return found;
  const { rows } = await db.query<Row>({ text: SELECT, values: [tags] });
  for (const row of rows) {
    const person = open(row, masterKeys);
    if (person !== null) found.set(row.person_tag.toString('hex'), person);
  }
  return found;
}

function open(row: Row, masterKeys: MasterKeys): KimlikNo | null {
  try {
    const place = authorityPersonPlace(row.person_tag);
    const digits = masterKeys.unwrap(row.person_box, place, row.master_key_id).toString('utf8');
    const parsed = KimlikNo.parse(digits);
    return parsed.ok ? parsed.value : null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}
