// Writes docs/roles.md from the tables of src/authority/roles/. `--check` writes nothing and exits 1 where the page is not what
// would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './markdown-table.mjs';

const PAGE = fileURLToPath(new URL('../docs/roles.md', import.meta.url));
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const { roleTables } = values.source
  ? await import('../src/authority/roles/tables.js')
  : await import('../dist/src/authority/roles/tables.js');
const tables = roleTables();

const page = render();
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/roles.md is not what the tables say: run node scripts/write-roles-doc.mjs');
  process.exitCode = 1;
}

function render() {
  return `# Roles of staff

Written by \`node scripts/write-roles-doc.mjs\` from the tables in \`src/authority/roles/\`; a test holds the two together.

A role is given by \`bridge roles grant\`, taken away by \`bridge roles revoke\`, and each decision is an entry of the log that names who decided, whom it
is about, the letter and the reason (\`role.granted\` or \`role.revoked\`, with \`role.decided\`). Authority for a cooperative that rests on a seat is no
role: nobody can type a seat in.

## The roles

${table([['role', 'its holder'], ...tables.roles.map(({ notation, what }) => [`\`${notation}\``, what])])}

\`<ministry>\` is one of ${tables.ministries.map((name) => `\`${name}\``).join(', ')}; \`<il>\` one of the 81, spelt as by law (\`directorate:ticaret/İzmir\`); \`<mersisNo>\` the sixteen digits
of a cooperative. A representative's role has days (\`--from\`, \`--to\`, the last not included): at most ${tables.maxAssemblyDays}, not over, beginning at most ${tables.maxDaysAhead} days ahead. No other
role has days.

## Who may grant, and take away, which role

What is not in the table nobody may decide.

${table([
  ['who', 'which role', 'where', 'why'],
  ...tables.grantRules.map(({ granter, grants, reach, why }) => [
    `\`${granter}\``,
    `\`${grants}\``,
    { anywhere: 'anywhere', 'own-ministry': 'own ministry', 'own-area': 'own ministry and il' }[reach],
    why,
  ]),
])}

- Nobody grants a role to oneself.
- ${names(tables.twoPersonRoles)} need two persons: an administrator and a second one, ${names(tables.secondPersonRoles, 'or')}; neither of them gets the role. Taking a role away needs one.
- The first administrator comes by \`bridge roles grant administrator --bootstrap\`, while there is none; the entry says so. As long as no second administrator and no security
  officer exists, nobody could be the second person: then, and never again, that administrator grants the first security officer alone.
- The last administrator cannot be taken away, nor the last person beside one who could be the second person.
- Whoever holds a seat at a cooperative that is not over (registered or not) decides nothing on it: a directorate's or ministry's role gives nothing there, and such a
  person neither sends nor is a representative there.
- A role that a registry brought can be revoked too; a registry that still names it brings it back with its next reading. What persons decided no reading takes away.
- No reading puts a forbidden pair into force: what persons decided stands first, then what the registry names in its order; the role that would make the pair is left out,
  and goes where an earlier reading had brought it.
- A letter of a day that has not come (Europe/Istanbul) is refused as wrong use: \`letter-date-in-future\`.

## Pairs that must not meet in one person

${table([['one', 'other', 'why'], ...tables.forbiddenPairs.map(({ one, other, why }) => [`\`${one}\``, `\`${other}\``, why])])}

## Refusals

\`ROLE_REQUIRED\`: whoever acts, or the second person, holds no role that decides this. \`SECOND_PERSON_REQUIRED\`: two are needed. \`TOKEN_INVALID\`: a session
has ended, also between reading the token and writing. \`STATE_CONFLICT\`, with one of these reasons:

${table([['reason', 'what'], ...Object.entries(tables.conflicts).map(([reason, what]) => [`\`${reason}\``, what])])}

## Many at once

\`bridge roles import FILE --letter-no N --letter-date DAY\` (m.5(1)) reads lines \`kimlikNo;role\` or \`kimlikNo,role\` in UTF-8, at most ${tables.maxRolesAtOnce.toLocaleString('en')}: header, byte order mark
and quotes are fine. All of it happens in one transaction, or nothing. Every line that cannot be read is told at once, by number, code and reason; the rules are
held on the whole file after that, and every line that one stands against is told likewise. Representatives are granted one
by one, since their days stand in no column. While a large file is written, every query waits: some seconds for ${tables.maxRolesAtOnce.toLocaleString('en')} lines.
`;
}

function names(roles, word = 'and') {
  return roles.map((name) => `\`${name}\``).join(` ${word} `);
}
