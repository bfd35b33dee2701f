import { BridgeError } from '../../errors/bridge-error.js';
import { MAX_BYTES } from '../../fees/reconciliation/cell.js';
import type { Difference } from '../../fees/reconciliation/classify.js';
import type { Figures } from '../../fees/reconciliation/figures.js';
import type { ReadFigures, ReadingWish } from '../../fees/reconciliation/read-figures.js';
import { previewFigures, readFiguresFile, takeFiguresIn } from '../../fees/reconciliation/take-in.js';
import { doneValue } from '../../proposals/verdict.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { readListFile } from '../read-list-file.js';
import { recordRefusal } from '../record-refusal.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { requireKnownAccount } from './known-account.js';
import { wrongUse } from './proposal-desk.js';
import { FILE_OPTIONS, readingWish } from './reconcile-file.js';
import { differenceJson, differenceTable, figuresLine } from './reconcile-table.js';

interface Order {
  readonly account: string;
  readonly file: string;
  readonly wish: ReadingWish;
  readonly preview: boolean;
  readonly tokenFile: string | undefined;
}

/** What came of it. `importId` null: a preview. */
interface Came {
  readonly figures: Figures;
  readonly importId: string | null;
  readonly leafIndex: bigint | null;
  readonly differences: readonly (Difference & { readonly id?: string })[];
}

type Refused = Extract<ReadFigures, { readonly ok: false }>;

/** `bridge fees reconcile import`: the Interior Ministry's figures, held against the book. All of a file, or nothing. */
export const reconcileImportCommand: Command = {
  usage:
    'fees reconcile import --account A (--quarter Q | --from DAY --to DAY) --file F [--sheet S] [--columns day=Tarih,service=Hizmet,queries=Adet,amount=Tutar|amountKurus=…] [--separator ";"|","|tab] [--service "NAME=SERVICE" …] [--preview] [--token-file F] [--json]',
  summary:
    'take the Interior Ministry’s figures in (CSV in UTF-8, or XLSX) and hold them against the book: a finance officer, step-up. --to is not included. What a line is about (period, day, service) follows from the columns; a line TOPLAM is checked. --preview shows the differences and takes nothing in',
  run: async (args, terminal) => {
    const options = {
      ...FILE_OPTIONS,
      account: { type: 'string' },
      file: { type: 'string' },
      preview: { type: 'boolean', default: false },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(reconcileImportCommand, args, options, 0);
    const { account, file, json, preview } = values;
    if (account === undefined || file === undefined)
      throw wrongUse(reconcileImportCommand, '--account and --file must be there');
    const wish = readingWish(reconcileImportCommand, values);
    const order = { account, file, wish, preview, tokenFile: values['token-file'] };
    const came = await atFeeDesk(terminal, 'fees reconcile import', (house) =>
      takeIn(house, terminal, order),
    );
    if ('faults' in came) return tellFaults(came, json, terminal);
    terminal.out(json ? JSON.stringify(jsonOf(came)) : wordsOf(came, order));
    return EXIT.ok;
  },
};

async function takeIn(house: House, terminal: Terminal, order: Order): Promise<Came | Refused> {
  const { account, file, preview, tokenFile, wish } = order;
  const officer = preview ? null : await feeOfficer(house, terminal, tokenFile, 'fees.decide');
  await requireKnownAccount(house, account);
  const bytes = await readListFile(file, MAX_BYTES);
  const read = await readFiguresFile(file, bytes, wish);
  if (!read.ok) {
    await recordRefusal(house, new BridgeError('REQUEST_INVALID', 'the file is refused'));
    return read;
  }
  const { days } = wish;
  const { figures } = read;
  const deed = { account, days, bytes, figures };
  if (officer === null) {
    const { differences } = await previewFigures(house.db, deed);
    return { figures, importId: null, leafIndex: null, differences };
  }
  const { db, log } = house;
  return { figures, ...doneValue(await takeFiguresIn(log.appender, db, deed, officer, deedPorts(house))) };
}

function jsonOf({ differences, figures, importId, leafIndex }: Came): object {
  return {
    import: importId,
    detail: figures.detail,
    lines: figures.figures.length,
    leafIndex: leafIndex === null ? null : Number(leafIndex),
    differences: differences.map(differenceJson),
  };
}

function wordsOf({ differences, figures, importId, leafIndex }: Came, { wish }: Order): string {
  const end =
    importId === null
      ? 'a preview: nothing was taken in'
      : `taken in as ${importId} (leaf ${leafIndex}). Decide each difference: bridge fees reconcile decide`;
  return [figuresLine(figures, wish.days), ...differenceTable(differences), end].join('\n');
}

/** Everything that is wrong, so that a file need not be mended line by line; nothing of what stands in it. */
function tellFaults({ faults, more }: Refused, json: boolean, terminal: Terminal): number {
  if (json)
    terminal.out(
      JSON.stringify({ import: null, refused: faults.map(({ line, message }) => ({ line, message })), more }),
    );
  terminal.err('REQUEST_INVALID: the file is refused');
  for (const { line, message } of faults)
    terminal.err(line === null ? `the file: ${message}` : `line ${line}: ${message}`);
  if (more > 0) terminal.err(`and ${more} more`);
  terminal.err('nothing was taken in');
  return EXIT.failed;
}
