// Writes docs/rights.md from the tables of src/authority/rights/ and src/authority/competence.ts. `--check` writes nothing and exits 1
// where the page is not what would be written; `--source` reads src/ instead of dist/ (needs a loader for TypeScript; the test does so).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './markdown-table.mjs';

const PAGE = fileURLToPath(new URL('../docs/rights.md', import.meta.url));
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, source: { type: 'boolean', default: false } },
});
const { rightsTables } = values.source
  ? await import('../src/authority/rights/tables.js')
  : await import('../dist/src/authority/rights/tables.js');
const tables = rightsTables();

const page = render();
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/rights.md is not what the tables say: run node scripts/write-rights-doc.mjs');
  process.exitCode = 1;
}

function render() {
  return `# Rights

Written by \`node scripts/write-rights-doc.mjs\` from the tables in \`src/authority/rights/\` and \`src/authority/competence.ts\`; a test holds them together.

May this person do this at this cooperative? \`POST /access/v1/evaluation\` and \`/access/v1/evaluations\` (OpenID AuthZEN, Authorization API 1.0) answer by
the table below, and \`bridge authority explain\` answers the same. What is not in the table nobody may do. Where no article says it in so many words,
the rule says "our reading".

## Actions

\`action.name\` is one of these. What changes something needs a reading of MERSİS that is not older than \`authority.staleAfterHours\`.

${table([
  ['action', 'Türkçe', 'English', 'changes'],
  ...tables.actions.map(({ name, tr, en, changes }) => [`\`${name}\``, tr, en, changes ? 'yes' : 'no']),
])}

## Who has which right

${table([
  ['who', 'action', 'conditions', 'rule'],
  ...tables.rights.map(({ role, action, conditions, rule }) => [
    `\`${role}\``,
    `\`${action}\``,
    conditionsOf(conditions),
    rule,
  ]),
])}

Conditions that are the same everywhere are not repeated: sign-in with two steps; every kind and level of cooperative, unless the row names some; each registered
member of a board acts alone, and the signature rule (MUNFERIDEN, MUSTEREKEN) is stored and shown only (m.5(3)).

- _own cooperative_: by a seat there that is registered (tescil). Of a merged cooperative the successor's seats count.
- _within the term_: on the day a term ends it is over. _after the term_: only where the setting \`authority.afterTerm\` lets an old board call the assembly, for its
  days, and no other board is in office.
- _competent ministry_: the one that the cooperative's kind belongs to (below). _own il_: that of the directorate. Whoever sits at a cooperative decides nothing on it.
- _days of its assembly_: the representative's days for that cooperative, the last not included.
- _KOOPBİS says so_: \`context.member\` is \`true\`. MERSİS knows no members; registered clients are believed. Not at a deleted cooperative.
- _step-up_: \`context.acr\` is \`urn:koopbis:acr:step-up\`. Without \`context.acr\` there is none. Any other \`acr\` than this and \`urn:koopbis:acr:two-step\` gives nothing at all.
- _command line only_: never in an evaluation.

## How the question is answered

In this order: is it an action; is the cooperative known; was the person signed in with two steps; which of the person's capacities has the right, its conditions met; is the
reading of MERSİS new enough; is step-up there where it is needed.

\`context.freshness\` says how old the registry's word is: \`fresh\`; \`reads-only\`, older than \`authority.staleAfterHours\`: seats give no right to change anything;
\`stale\`, older than \`authority.nothingAfterHours\` or never read: seats give no right at all. Staff's competence and membership do not rest on MERSİS and do not age.

\`context.reason\` goes from the right to the seat (or role), to its registration with its gazette, to the entry of the audit log that told of it. Where nothing gives the
right, it names the nearest miss:

${table([
  ['code', 'Türkçe', 'English'],
  ...tables.reasons.map(({ code, tr, en }) => [`\`${code}\``, tr, en]),
])}

\`request-invalid\` stands for one wrong question among several; the others are answered. A wrong call is \`REQUEST_INVALID\` as a whole.

## Whose a cooperative is

Kind and law decide, never the name (m.3). What is not in the table is Ticaret's.

${table([
  ['kind (tür)', 'law', 'ministry', 'levels', 'source'],
  ...tables.competence.map(({ tur, kanun, ministry, levels, source }) => [
    tur,
    kanun,
    `\`${ministry}\``,
    levels.join(', '),
    source,
  ]),
])}
`;
}

function conditionsOf({ ministries, il, cooperative, kinds, term, stepUp, through }) {
  const isMember = cooperative === 'own' && term === 'none';
  return [
    ministries === 'competent' && 'competent ministry',
    il === 'own' && 'own il',
    cooperative === 'own' && !isMember && 'own cooperative',
    isMember && 'KOOPBİS says so',
    cooperative === 'assembly-days' && 'days of its assembly',
    cooperative === 'own' && term === 'running' && 'within the term',
    term === 'after-term' && 'after the term',
    kinds !== 'all' && `kinds: ${kinds.join(', ')}`,
    stepUp && 'step-up',
    through === 'command-line' && 'command line only',
  ]
    .filter((text) => text !== false)
    .join(', ');
}
