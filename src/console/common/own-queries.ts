import type { PageRow } from '../../audit/search/read-page.js';
import { momentText } from '../../pages/formatting.js';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import type { Cell, Part } from '../frame/parts.js';
import { purposeWord, resultCell } from '../security/search/words.js';
import type { OwnPagePorts } from './port.js';

const PATH = '/konsol/sorgularim';
const PAGE_SIZE = 25;

/** What stands in one row; `cooperative` null where the form of the call was not sound. */
interface OwnQuery {
  readonly at: Date;
  readonly cooperative: string | null;
  readonly purpose: string | null;
  readonly result: Cell;
}

/** `GET /konsol/sorgularim`: what the person looked up, newest first. Whom they asked about is not shown: not even masked does it help here. */
export async function showOwnQueries({ person, query }: ConsoleCall, ports: OwnPagePorts): Promise<Answer> {
  const before = placeOf(query.get('once'));
  const page = await ports.ownQueries(person.session.person, before, PAGE_SIZE);
  const queries = page.rows.map(queryOf);
  const numbers = [
    ...new Set(queries.flatMap(({ cooperative }) => (cooperative === null ? [] : [cooperative]))),
  ];
  const names = await ports.cooperativeNames(numbers);
  const parts: readonly Part[] = [
    {
      part: 'table',
      caption: { tr: 'Yaptığım sorgular, en yenisi başta', en: 'My look-ups, newest first' },
      columns: [
        { label: { tr: 'An', en: 'Moment' } },
        { label: { tr: 'Amaç', en: 'Purpose' } },
        { label: { tr: 'Kooperatif', en: 'Cooperative' } },
        { label: { tr: 'Sonuç', en: 'Outcome' } },
      ],
      rows: queries.map(({ at, cooperative, purpose, result }) => [
        momentText(at),
        purpose === null ? '' : purposeWord(purpose),
        cooperativeCell(cooperative, names),
        result,
      ]),
      empty: { tr: 'Bu aralıkta sorgunuz yok.', en: 'There is no look-up of yours here.' },
    },
    {
      part: 'pager',
      shown: shownText(queries.length, before),
      first: before === null ? null : PATH,
      next: page.more ? `${PATH}?once=${page.lookedTo}` : null,
    },
  ];
  return {
    kind: 'page',
    page: {
      title: { tr: 'Sorgularım', en: 'My look-ups' },
      help: {
        tr: 'Sizin adınıza kayda geçen kimlik sorgularıdır. Kimin sorgulandığı burada gösterilmez. Yapmadığınız bir sorgu görürseniz güvenlik görevlisine bildirin.',
        en: 'These are the identity checks that the log has under your name. Whom they were about is not shown here. If there is one that you did not make, tell the security officer.',
      },
      parts,
    },
  };
}

function shownText(count: number, before: bigint | null) {
  return before === null
    ? { tr: `En yeni ${count} sorgu`, en: `The newest ${count}` }
    : { tr: `Daha eski ${count} sorgu`, en: `${count} older ones` };
}

/** A leaf of the log, as the pager writes it; anything else begins at the newest. */
function placeOf(text: string | null): bigint | null {
  return text !== null && /^(0|[1-9]\d{0,17})$/.test(text) ? BigInt(text) : null;
}

function queryOf({ at, line, outcome }: PageRow): OwnQuery {
  const { data, kind } = JSON.parse(line) as { kind: string; data: Readonly<Record<string, unknown>> };
  return {
    at,
    cooperative: textOf(data.cooperative),
    purpose: textOf(data.purpose),
    result:
      kind === 'query.refused'
        ? NOT_ASKED
        : outcome === null
          ? OPEN
          : resultCell(outcome.outcome ?? outcome.state),
  };
}

const NOT_ASKED: Cell = {
  mark: 'problem',
  text: { tr: 'sorulmadan reddedildi', en: 'refused before asking' },
};
const OPEN: Cell = { mark: 'calm', text: { tr: 'sürüyor', en: 'under way' } };

/** What a caller sent may be anything; a number of a person is not shown wherever it stands. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && !containsKimlikNo(value) ? value : null;
}

function cooperativeCell(mersisNo: string | null, names: ReadonlyMap<string, string>): Cell {
  if (mersisNo === null) return '';
  const name = names.get(mersisNo);
  return name === undefined ? mersisNo : { lines: [name, mersisNo] };
}
