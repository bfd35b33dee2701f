import { at, integer } from './answer-tree.js';
import type { KpsOutcome } from './hata-bilgisi.js';
import { findings, mostTelling, onlyItem, ownNumber, refusalAmong, statusOf } from './register.js';

/**
 * Reads the `SorgulaResult` of TumKutukDogrulaServis (facts/kps.md §3.4, C: no WSDL is public). A register with a Durum
 * means that number, names and date were confirmed together; no register with one means that they were not, and what
 * differs is not told. `asked`: the number, digits. Throws UnreadableAnswer or AnswerNotOurs.
 */
export function readTumKutukDogrula(result: unknown, asked: string): KpsOutcome {
  const only = onlyItem(result, null, asked);
  if ('outcome' in only) return only.outcome;
  const registers = findings(only.item, (component, shape) =>
    component.toLowerCase().includes(shape.componentHint),
  );
  const confirmed = [];
  for (const finding of registers) {
    if (!finding.named || finding.hata !== null) continue;
    // The number may be missing here; where it stands, it must be the one asked.
    ownNumber(finding, asked);
    const kod = integer(at(finding.person, 'DurumBilgisi', 'Durum', 'Kod'));
    if (kod !== null) confirmed.push({ status: statusOf(finding) });
  }
  const found = mostTelling(confirmed);
  if (found !== undefined) return { kind: 'confirmed', status: found.status };
  return refusalAmong(registers) ?? { kind: 'not-confirmed' };
}
