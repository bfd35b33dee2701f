// Writes docs/settings.md from the schema of the settings. `--check` writes nothing and exits 1 where the page is not what
// would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PAGE = fileURLToPath(new URL('../docs/settings.md', import.meta.url));
const HEAD = `# Settings

Written by \`node scripts/write-settings-doc.mjs\` from the schema; a test holds the two together.

One YAML file, named by \`BRIDGE_CONFIG\` (\`bridge.yaml\`). Files are relative to its folder. A **secret** is \`{ file: … }\` or \`{ env: … }\`, never a text. An
environment variable overrides a setting: \`BRIDGE__LISTENERS__SERVICE__PORT=9443\`, parts between double underscores match keys without regard to case,
numbers name items of a list that the file has, a secret ends in \`__FILE\` or \`__ENV\`. An unknown key refuses the start. \`npx bridge config check\` tells everything that is wrong,
\`npx bridge config show\` what is in force. Rules over several settings are told there too.

"required" is required where its group is given; "none" may be left out.
`;

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const { settingsTable } = values.source
  ? await import('../src/config/settings-table.js')
  : await import('../dist/src/config/settings-table.js');
const page = render(settingsTable());
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/settings.md is not what the schema says: run node scripts/write-settings-doc.mjs');
  process.exitCode = 1;
}

/** One table for each group at the top; settings that stand alone come first. */
function render(rows) {
  const groups = new Map([['', []]]);
  for (const row of rows) {
    const top = /^[a-z]+/i.exec(row.path)[0];
    const group = row.path === top && row.type !== 'list' ? '' : top;
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [HEAD, ...[...groups].map(([name, members]) => section(name, members))].join('\n');
}

function section(name, rows) {
  const title = name === '' ? '## By themselves' : `## ${name}`;
  const cells = rows.map(({ path, type, default: value, reason }) =>
    [`\`${path}\``, type, isJson(value) ? `\`${value}\`` : value, reason].map(cell),
  );
  return `${title}\n\n${table([['setting', 'type', 'default', 'why'], ...cells])}\n`;
}

/** Columns padded as the formatter does it. */
function table([head, ...rows]) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const line = (row) => `| ${row.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A default is JSON or words. */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
