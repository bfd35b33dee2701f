import type { Fact } from '../../documents/table.js';
import { formatTl } from '../kurus.js';
import type { StatementDocument } from '../statement/statement-document.js';
import type { StatementSource } from './port.js';
import { basisWord, chargedWord, classWord, dayWord, stateWord } from './words.js';

type TariffRow = StatementDocument['rules']['tariff'][number];
type Inputs = StatementDocument['rules']['inputs'][number];

/** What stands above the tables, for people. */
export function statementFacts(source: StatementSource): readonly Fact[] {
  const { document, head } = source;
  const { accounts, period, rules, total } = document;
  const { account, due, madeAt, payBy, quarter, state, statementSha256 } = head;
  const known = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, value]];
  return [
    ['Hesap', account ?? 'tümü'],
    ...accounts.map(
      ({ account: id, feeClass, institution }): Fact => [
        `Kurum (${id})`,
        `${institution ?? 'ayarlarda yok'}, ${classWord(feeClass)}`,
      ],
    ),
    ...known('Dönem', quarter),
    ['Günler', `${dayWord(period.from)} (dahil) – ${dayWord(period.to)} (hariç)`],
    ...known('Durum', state === null ? null : stateWord(state)),
    ...known('Son ödeme', due === null ? null : dayWord(due)),
    ...known('İzleyen iş günü', payBy === null || payBy === due ? null : dayWord(payBy)),
    ['Tutar', formatTl(BigInt(total.amountKurus))],
    ...known('Cetvel SHA-256', statementSha256),
    ['Günlük boyu', String(document.logSize)],
    ...correctedFacts(source),
    ...rules.tariff.flatMap(tariffFacts),
    ...settingsInputs(rules),
    ['Sayım', chargedWord(rules.charged)],
    ['Hazırlandı', istanbulMinute(madeAt)],
  ];
}

const CORRECTED = 'düzeltmelerden öncesini, kaydedileni gösterir; Özet = kayıtlı + düzeltme';
const LISTED = '; düzeltmeler Düzeltmeler tablosundadır';

/** Only where there is something to confuse. The list of corrections is a detail, and need not be there. */
function correctedFacts({ corrections, document }: StatementSource): readonly Fact[] {
  if (!document.accounts.some((one) => one.corrections.lines > 0)) return [];
  return [['Kırılımlar', corrections === undefined ? CORRECTED : CORRECTED + LISTED]];
}

/** A row, and the input data that it fixes: one fact each, since a long text would be cut. */
function tariffFacts({ amountKurus, basis, from, gazette, inputs, service }: TariffRow): readonly Fact[] {
  const price = `${formatTl(BigInt(amountKurus))} ${basisWord(basis)} (${gazette})`;
  const row: Fact = [`Tarife ${dayWord(from)}`, service === null ? price : `${price}, ${service}`];
  return basis === 'per-input-datum' ? [row, ...inputs.map((one) => inputFact('Girdi verisi', one))] : [row];
}

/** Of the settings, for versions that no row knew: they are part of the price on that basis alone. */
function settingsInputs({ inputs, tariff }: StatementDocument['rules']): readonly Fact[] {
  const rows = tariff.filter(({ basis }) => basis === 'per-input-datum');
  if (rows.length === 0) return [];
  const isFixed = ({ service, version }: Inputs) =>
    rows.every((row) => row.inputs.some((one) => one.service === service && one.version === version));
  return inputs.filter((one) => !isFixed(one)).map((one) => inputFact('Girdi verisi (ayar)', one));
}

function inputFact(name: string, { inputs, service, version }: Inputs): Fact {
  return [name, `${service} ${version} = ${inputs}`];
}

const MINUTE = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

function istanbulMinute(at: Date): string {
  return MINUTE.format(at);
}
