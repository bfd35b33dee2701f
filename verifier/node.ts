import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Check, VerifyReport } from './core/report.js';
import { type VerifyOptions, verifyFolder } from './node-api.js';

const HELP = `node verify.mjs DIR [options]

DIR bir denetim kaydı dışa aktarımı (export.json) ya da delil klasörüdür (evidence.json); ağ kullanılmaz.
Checks an export of the audit log or a folder of evidence, without network.

  --log-key KEY|FILE   trust this verifier key of the log (or a file of them), not the folder's log.pub; may be repeated
  --tsa-ca FILE        trust these certificates for time stamps, not the folder's tsa-ca.pem; may be repeated
  --lang tr|en         one language instead of both
  --json               the report as JSON
  --help               this text

One line for each check; the first that fails is the last. Exit 0 all hold, 1 one fails, 2 wrong use.`;

type Language = 'both' | 'tr' | 'en';

interface Request extends Pick<VerifyOptions, 'logKeys' | 'tsaCas'> {
  readonly path: string;
  readonly json: boolean;
  readonly language: Language;
}

/** Something about the command, not about the folder. */
class WrongUse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const request = parse(args);
  if (request === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const { path, json, language, ...trust } = request;
  const say = (check: Check) => process.stdout.write(`${lineOf(check, language)}\n`);
  const report = await verifyFolder(path, { ...trust, ...(json ? {} : { onCheck: say }) });
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(`${verdict(report, language)}\n`);
  return report.ok ? 0 : 1;
}

function parse(args: readonly string[]): Request | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      'log-key': { type: 'string', multiple: true },
      'tsa-ca': { type: 'string', multiple: true },
      lang: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new WrongUse('name one folder');
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new WrongUse('no such folder');
  const language = values.lang;
  if (language !== 'both' && language !== 'tr' && language !== 'en')
    throw new WrongUse('--lang takes tr or en');
  return {
    path,
    json: values.json,
    language,
    // A key is no path: it holds two plus signs and the origin in front.
    logKeys: (values['log-key'] ?? []).map((one) =>
      /^[^\s+]+\+[0-9a-f]{8}\+/.test(one) ? one : textOf(one),
    ),
    tsaCas: (values['tsa-ca'] ?? []).map(textOf),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new WrongUse('a file of keys cannot be read');
  }
}

function lineOf({ name, ok, tr, en, detail }: Check, language: Language): string {
  const text = language === 'both' ? `${tr} / ${en}` : language === 'tr' ? tr : en;
  const below = detail === undefined ? '' : `\n${detail.replace(/^/gm, '       ')}`;
  return `${ok ? 'ok  ' : 'FAIL'} ${name}: ${text}${below}`;
}

function verdict({ ok, checks }: VerifyReport, language: Language): string {
  const failed = checks.find((check) => !check.ok)?.name ?? '';
  const tr = ok
    ? 'SONUÇ: bütün denetimler olumlu.'
    : `SONUÇ: ${failed} denetimi olumsuz; sonrakiler yapılmadı.`;
  const en = ok
    ? 'RESULT: every check holds.'
    : `RESULT: ${failed} does not hold; later checks were not made.`;
  return language === 'both' ? `${tr} / ${en}` : language === 'tr' ? tr : en;
}

main(process.argv.slice(2)).then(
  (code) => {
    // No exit(): what was written must reach a pipe first.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n\n${HELP}\n`);
    process.exitCode = 2;
  },
);
