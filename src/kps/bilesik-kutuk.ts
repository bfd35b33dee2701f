import { at, leaf } from './answer-tree.js';
import type { KpsOutcome } from './hata-bilgisi.js';
import type { RegisterRecord } from './port.js';
import {
  birthDateOf,
  findings,
  mostTelling,
  onlyItem,
  ownNumber,
  refusalAmong,
  statusOf,
} from './register.js';

/**
 * Reads the `SorgulaResult` of BilesikKutukSorgulaKimlikNoServis (facts/kps.md §3.2, §3.3): the compared fields and the
 * status of the register that holds the person, and nothing else of what the answer says. `asked`: the number, digits.
 * Throws UnreadableAnswer or AnswerNotOurs.
 */
export function readBilesikKutuk(result: unknown, asked: string): KpsOutcome {
  const only = onlyItem(result, 'BilesikKutukBilgileri', asked);
  if ('outcome' in only) return only.outcome;
  const registers = findings(only.item, (component, shape) => component === shape.component);
  const records: RegisterRecord[] = [];
  for (const finding of registers) {
    // HataBilgisi of one register speaks of it alone; a photograph's (Kod 8) stands elsewhere and is not read.
    if (!finding.named || finding.hata !== null || ownNumber(finding, asked) === null) continue;
    records.push({
      ad: leaf(at(finding.person, 'TemelBilgisi', 'Ad')) ?? '',
      soyad: leaf(at(finding.person, 'TemelBilgisi', 'Soyad')) ?? '',
      dogumTarihi: birthDateOf(finding),
      status: statusOf(finding),
    });
  }
  const record = mostTelling(records);
  if (record !== undefined) return { kind: 'record', record };
  return refusalAmong(registers) ?? { kind: 'no-record' };
}
