// Writes docs/audit-entries.md from the catalogue of entry kinds. `--check` writes nothing and exits 1 where the page is not
// what would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './markdown-table.mjs';

const PAGE = fileURLToPath(new URL('../docs/audit-entries.md', import.meta.url));
const HEAD = `# Entries of the log

Written by \`node scripts/write-audit-entries-doc.mjs\` from the catalogue (\`src/audit/catalogue/\`); a test holds the two together.

One line of canonical JSON (RFC 8785) for each entry, version 1. The line is the leaf: leaf hash = SHA-256(0x00 ‖ line), without newline. A released
version and a released kind are never changed; a new kind is a new row of the catalogue.

## Every entry

${table([
  ['member', 'what'],
  ['`at`', 'when it was written; never before the entry in front of it'],
  ['`data`', 'the members of its kind, below; nothing personal'],
  ['`eventAt`', 'when it happened; for calls the time of arrival'],
  ['`id`', 'UUID, made by the writer, so that it can be looked for after a lost COMMIT'],
  ['`kind`', 'one of the kinds below'],
  [
    '`sealed`',
    'personal values, by field name: `{ box, key, nonce }`, AES-256-GCM under the key `key` of one person, side and year, bound to `id` and field name',
  ],
  ['`v`', '1'],
])}

Instants are RFC 3339 in UTC with milliseconds; days and \`quarter\` are Europe/Istanbul; money is whole kuruş. \`null\` stands where there is nothing; members are
never left out. No number, keyed or plain hash of a number stands in an entry: the search table beside the log (\`log_tag\`) holds keyed hashes, and its rows go
with the person's key. A sealed field that a kind allows stands there where there is such a value. \`actor\`: the person who acts; \`subject\`: the person that it
is about. The two sides never share a key.

\`intent\` binds an outcome to its intent; \`query\` binds everything about one query; \`session\` binds it to its sign-in; \`authority.basis\` to a seat of
\`authority.changed\` or a role of \`role.granted\`. The fee book can be rebuilt from the \`fee\` members of \`query.outcome\` and \`query.unknown\` alone, the history of
authority from \`authority.changed\`, \`role.granted\` and \`role.revoked\`, the settings that were in force from the \`changes\` of \`bridge.started\`.
`;

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const { catalogueTable } = values.source
  ? await import('../src/audit/catalogue/catalogue-table.js')
  : await import('../dist/src/audit/catalogue/catalogue-table.js');
const page = render(catalogueTable());
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error(
    'docs/audit-entries.md is not what the catalogue says: run node scripts/write-audit-entries-doc.mjs',
  );
  process.exitCode = 1;
}

function render(kinds) {
  const overview = table([['kind', 'written'], ...kinds.map(({ kind, when }) => [`\`${kind}\``, when])]);
  return `${[HEAD, '## Kinds\n', `${overview}\n`, ...kinds.map(section)].join('\n').trimEnd()}\n`;
}

function section({ kind, when, members, sealed }) {
  const rows = members.map(({ name, type, what }) => [`\`${name}\``, type, what]);
  return [
    `### ${kind}\n`,
    `Written: ${when}.\n`,
    ...(rows.length === 0 ? [] : [`${table([['member', 'type', 'what'], ...rows])}\n`]),
    ...(sealed.length === 0 ? [] : [`Sealed: ${sealed.map(sealedField).join('; ')}.\n`]),
  ].join('\n');
}

function sealedField({ field, side, indexed }) {
  return `\`${field}\` (${side}, ${indexed ? 'searchable' : 'not searchable'})`;
}
