import { join, relative } from 'node:path';
import type { FirstCheck } from './first-check.js';
import type { Layout } from './layout.js';
import type { SandboxFile } from './sandbox-file.js';

/** What is printed once everything runs: addresses, the first check, and what to try next. */
export function readyText(layout: Layout, sandbox: SandboxFile, check: FirstCheck): string {
  const rows: readonly (readonly [string, string])[] = [
    ['demo application: sign in here', sandbox.mocks.koopbis],
    ['sign-in and own account', `${sandbox.web}/giris`],
    ['service API (client certificate)', sandbox.api],
    ['the log, open to everybody', `${sandbox.web}/audit/checkpoint`],
    ['health and metrics', sandbox.ops],
    ['stand-in: e-Devlet', sandbox.mocks.edevlet],
    ['stand-in: STS', sandbox.mocks.sts],
    ['stand-in: KPS', sandbox.mocks.kps],
    ['stand-in: MERSİS', sandbox.mocks.mersis],
    ['stand-in: time stamps', sandbox.mocks.tsa],
    ['control of the stand-ins', sandbox.mocks.control],
    ['sandbox file', show(layout.sandboxFile)],
    ['settings of the bridge', show(layout.configFile)],
    ['logs', show(layout.logs)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const { status, body } = check.answer;
  const config = `BRIDGE_CONFIG=${show(layout.configFile)}`;
  const out = join(layout.directory, 'export');
  const core = sandbox.clients['koopbis-core'];
  const data = layout.directory.endsWith('var/sandbox') ? '' : ` --data ${show(layout.directory)}`;
  return `
${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}

First identity check: HTTP ${status}, outcome ${String(body.outcome)}, leaf ${leafOf(body)}

Try next (generated people; their numbers belong to nobody we mean):

  TOKEN=$(npm run --silent sandbox:token -- ${check.asker.kimlikNo}${data})
  curl --cacert ${show(sandbox.ca)} --cert ${show(core.cert)} --key ${show(core.key)} \\
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '${exampleBody(check)}' \\
    ${sandbox.api}/v1/identity/verifications

  curl '${sandbox.mocks.control}/seen?system=kps&after=0'            what reached KPS
  curl -X POST -d '{"system":"kps","kind":"hang","count":1}' ${sandbox.mocks.control}/faults
  curl -X POST -d '{"count":1}' ${sandbox.mocks.control}/months    boards change as in a month
  curl ${sandbox.ops}/metrics
  curl --cacert ${show(sandbox.ca)} ${sandbox.web}/audit/checkpoint      how far the log goes, signed

  ${config} npx bridge doctor
  ${config} npx bridge fees usage                        the quarter so far in money, by institution
  ${config} npx bridge audit export --out ${show(out)}   the log with proofs and time stamps
  ${config} npx bridge audit verify ${show(out)}         checks it, without database and network
  ${config} npx bridge audit check                       holds the database against itself

Ctrl-C stops everything.
`;
}

function exampleBody({ subject, cooperative }: FirstCheck): string {
  const { kimlikNo, ad, soyad, dogumTarihi } = subject;
  return JSON.stringify({
    purpose: 'ortak-kayit',
    cooperative,
    subject: { kimlikNo, ad, soyad, dogumTarihi },
  });
}

function leafOf(body: Record<string, unknown>): string {
  return String((body.receipt as { leafIndex?: number } | undefined)?.leafIndex ?? 'none');
}

function show(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
