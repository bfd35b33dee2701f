import { formatTl } from '../kurus.js';
import type { StatementSource } from './port.js';
import { basisWord, chargedWord, classWord, dayWord, stateWord } from './words.js';

/** A fact about the whole statement: what it is, and what it says. */
export type Fact = readonly [name: string, value: string];

/** What stands above the tables, for people. */
export function statementFacts({ document, head }: StatementSource): readonly Fact[] {
  const { period, rules, total } = document;
  const { account, due, madeAt, payBy, quarter, state, statementSha256 } = head;
  const known = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, value]];
  return [
    ['Hesap', account ?? 'tümü'],
    ...document.accounts.map(
      ({ account: id, feeClass, institution }): Fact => [
        `Kurum (${id})`,
        `${institution ?? 'ayarlarda yok'}, ${classWord(feeClass)}`,
      ],
    ),
    ...known('Dönem', quarter),
    ['Günler', `${dayWord(period.from)} (dahil) – ${dayWord(period.to)} (hariç)`],
    ...known('Durum', state === null ? null : stateWord(state)),
    ...known('Son ödeme', due === null ? null : dayWord(due)),
    ...known('Son iş günü', payBy === null || payBy === due ? null : dayWord(payBy)),
    ['Tutar', formatTl(BigInt(total.amountKurus))],
    ...known('Cetvel SHA-256', statementSha256),
    ['Günlük boyu', String(document.logSize)],
    ...rules.tariff.map(
      ({ amountKurus, basis, from, gazette, service }): Fact => [
        `Tarife ${dayWord(from)}`,
        `${formatTl(BigInt(amountKurus))} ${basisWord(basis)} (${gazette})${service === null ? '' : `, ${service}`}`,
      ],
    ),
    ['Sayım', chargedWord(rules.charged)],
    ['Hazırlandı', istanbulMinute(madeAt)],
  ];
}

const MINUTE = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  dateStyle: 'short',
  timeStyle: 'short',
});

function istanbulMinute(at: Date): string {
  return MINUTE.format(at);
}
