// Writes docs/console.md from the table of access of src/console/. `--check` writes nothing and exits 1 where the page is not what
// would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './markdown-table.mjs';

const PAGE = fileURLToPath(new URL('../docs/console.md', import.meta.url));
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const read = (module) => (values.source ? import(`../src/${module}.js`) : import(`../dist/src/${module}.js`));
const [{ ACCESS }, { ACCESS_WORDS }, { ROOM_NAMES }, { ROLES }, { STEP_UP_POLICY }] = await Promise.all([
  read('console/access'),
  read('console/access-words'),
  read('console/frame/texts'),
  read('authority/roles/role-list'),
  read('sign-in/step-up/policy'),
]);

const rows = Object.entries(ACCESS).map(([id, row]) => ({ id, ...row }));
const roles = Object.keys(ROLES).filter((role) => rows.some(({ audience }) => audience.includes(role)));
const without = Object.keys(ROLES).filter((role) => !roles.includes(role));

const ENTRY = { router: { GET: '`console.opened`', POST: '`console.acted`' }, own: 'its own', none: 'none' };

const page = render();
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/console.md is not what the table says: run node scripts/write-console-doc.mjs');
  process.exitCode = 1;
}

function render() {
  return `# The console: pages, actions, and who may

Written by \`node scripts/write-console-doc.mjs\` from \`src/console/access.ts\`; a test holds the two together, and another walks every row with every role, with no role
and with nobody, against a table of its own.

The router serves nothing under \`/konsol\` that is not a row here. The way of each request: address, session, notice, role, form, second step, entry, and only then
what it is for. A refusal to a person who is signed in is an entry (\`console.refused\`) whose number stands on the page; to nobody, it is counted (\`access.refused\`).

## Open to anyone, and to whoever is signed in

${table([['page or action', 'method and path', 'who', 'entry', 'what'], ...rows.filter(isOpen).map(openRow)])}

"Signed in": a living session, as strong as the two-step rule asks on that day, of a person who was informed (6698 m.10). These pages show the person's own and nothing else.

## By role

A cross: who holds this role today may. ${names(without)} opens none of these.

${Object.entries(ROOM_NAMES)
  .map(([room, { en }]) => [en, rows.filter((row) => row.room === room && !isOpen(row))])
  .filter(([, of]) => of.length > 0)
  .map(([name, of]) => `### ${name}\n\n${roomTable(of)}`)
  .join('\n\n')}

## Second step, entry, what

${table([
  ['page or action', 'method and path', 'second step', 'entry', 'what'],
  ...rows
    .filter((row) => !isOpen(row))
    .map((row) => [...nameOf(row), stepOf(row), entryOf(row), ACCESS_WORDS[row.id].en]),
])}

"Own": what the page calls writes an entry that says more. \`decision.decide\` asks for the second step of the matter that is decided.

## What the second step is for

Which of these need it stands in \`signIn.stepUp.operations\` ([settings](settings.md)).

${table([
  ['operation', 'what', 'actions'],
  ...Object.entries(STEP_UP_POLICY).flatMap(([operation, what]) => {
    const actions = rows.filter((row) => row.operation === operation).map(({ id }) => id);
    return actions.length === 0 ? [] : [[`\`${operation}\``, what, names(actions, ', ')]];
  }),
])}
`;
}

function isOpen({ audience }) {
  return typeof audience === 'string';
}

function nameOf({ id, method, path }) {
  return [`\`${id}\``, `\`${method} ${path}\``];
}

function openRow(row) {
  const who = row.audience === 'anyone' ? 'anyone' : 'signed in';
  return [...nameOf(row), who, entryOf(row), ACCESS_WORDS[row.id].en];
}

/** Only the roles that open something here have a column. */
function roomTable(of) {
  const columns = roles.filter((role) => of.some(({ audience }) => audience.includes(role)));
  return table([
    ['page or action', ...columns],
    ...of.map(({ audience, id }) => [
      `\`${id}\``,
      ...columns.map((role) => (audience.includes(role) ? '×' : '')),
    ]),
  ]);
}

function stepOf({ operation }) {
  return operation === undefined ? '' : `\`${operation}\``;
}

function entryOf({ entry, method }) {
  return entry === 'router' ? ENTRY.router[method] : ENTRY[entry];
}

function names(all, between = ' and ') {
  return all.map((name) => `\`${name}\``).join(between);
}
