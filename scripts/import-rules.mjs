// Who may import whom (docs/architecture.md). One row for each room of src/: `value` rooms may be imported, `type` ones
// as `import type` alone; `room/file` means that file only. `modules` limits what comes from outside (node: and packages);
// without it anything may. `everything`: joins the rooms as main.ts does. A room without a row is a violation: a new wall
// is decided here, not by the first import.

export const ROOMS = {
  errors: { value: [], type: [], modules: [] },
  person: { value: [], type: [], modules: ['node:util'] },
  calendar: { value: [], type: [], modules: [] },
  storage: { value: ['errors'], type: [] },
  // How files for people are drawn and packed, whatever stands in them.
  documents: { value: [], type: [] },
  config: { value: ['errors', 'person'], type: [] },
  telemetry: { value: ['errors'], type: [] },
  kps: { value: ['person', 'errors', 'soap'], type: [] },
  audit: { value: ['errors', 'person', 'calendar', 'documents'], type: ['storage'] },
  // What must not reach the `soap` package, and what it must not keep: shared by the rooms that speak SOAP.
  soap: { value: ['errors'], type: [] },
  // Says who a person is; knows nothing of sessions.
  edevlet: { value: ['errors', 'person', 'calendar'], type: [] },
  // Stylesheet, layout and templates of every page: texts and forms, no rights and no store.
  pages: { value: ['errors', 'calendar'], type: [] },
  // Whoever writes an entry makes its draft. Who said who a person is comes in through a port.
  'sign-in': {
    value: ['errors', 'person', 'calendar', 'pages', 'audit/draft', 'audit/plain-lane'],
    type: ['storage', 'audit', 'edevlet/port', 'edevlet/two-step-rule', 'network/client-registry'],
  },
  authority: {
    // Who holds a role stands sealed in its grant: the check opens it. Grants that need two persons are proposals.
    value: [
      'errors',
      'person',
      'calendar',
      'proposals',
      'audit/draft',
      'audit/check/difference',
      'audit/person-keys',
      'audit/seal',
    ],
    type: ['storage', 'audit'],
  },
  // Reads the registry and hands what it believes to authority. What a stopped run holds is released as a proposal.
  mersis: {
    value: [
      'errors',
      'person',
      'calendar',
      'soap',
      'authority',
      'proposals',
      'maintenance/known-windows',
      'audit/draft',
      'audit/plain-lane',
    ],
    type: ['storage', 'audit'],
  },
  // Applications for a KOOPBİS yetkilisi, legacy appointees, suspensions: decisions of persons that end in authority's records.
  appointments: {
    value: [
      'errors',
      'person',
      'calendar',
      'authority',
      'audit/check/difference',
      'audit/check/entries-at',
      'audit/check/told-rows',
      'audit/draft',
      'audit/plain-lane',
      'proposals/verdict',
      'maintenance/known-windows',
      'sign-in/access-tokens',
      'sign-in/authenticate-user',
      'sign-in/read-shown-tokens',
    ],
    type: ['storage', 'audit', 'mersis/port', 'proposals'],
  },
  // Tells others of grants and losses: the feed and its webhooks.
  events: {
    value: ['errors', 'calendar', 'audit/draft', 'audit/plain-lane'],
    type: ['storage', 'audit', 'authority'],
  },
  // What one officer proposes and another decides; whose matter it is, the room that brings it knows. Who proposed stands sealed in the entry.
  proposals: {
    value: ['errors', 'calendar', 'audit/canonical-json', 'audit/draft', 'authority/check-holders'],
    type: ['storage', 'audit', 'person', 'sign-in/access-tokens'],
  },
  // Times in which a national system is not asked; whoever asks one asks here first.
  maintenance: {
    value: [
      'errors',
      'person',
      'proposals',
      'audit/draft',
      'audit/check/entries-at',
      'audit/check/told-rows',
    ],
    type: ['storage', 'audit'],
  },
  fees: {
    // Who a user is stands sealed in the intent: a statement by user opens it, masked or for a reason.
    value: [
      'errors',
      'person',
      'calendar',
      'documents',
      'proposals',
      'audit/canonical-json',
      'audit/check/difference',
      'audit/check/leaf-cursor',
      'audit/check/entries-at',
      'audit/check/told-rows',
      'audit/draft',
      'audit/plain-lane',
      'audit/person-keys',
      'audit/seal',
      'sign-in/access-tokens',
      'sign-in/read-shown-tokens',
      // Ministries have one name each, on pages and in files.
      'sign-in/web/standing-texts',
    ],
    type: ['storage', 'audit'],
  },
  verification: {
    value: [
      'person',
      'errors',
      'audit',
      'authority',
      'sign-in',
      'fees',
      'calendar',
      'maintenance/known-windows',
    ],
    type: ['kps/port', 'storage'],
  },
  network: { value: ['errors', 'telemetry', 'audit/draft'], type: ['audit/entry'] },
  // The hash of a token is made at the edge: its text goes no further. Paths of tiles are the log's own.
  api: {
    value: [
      'verification',
      'network',
      'errors',
      'telemetry',
      'person',
      'sign-in/access-tokens',
      'authority',
      'appointments',
      'events',
      'fees',
      'audit/tree/tiles',
    ],
    type: ['audit/search/attempt', 'mersis'],
  },
  // Pages for officers: what they show comes from the rooms, through ports that the house joins. Texts of problems are the API's own.
  console: {
    value: [
      'errors',
      'person',
      'calendar',
      'documents',
      'pages',
      'authority',
      'proposals',
      'fees',
      'audit',
      'mersis',
      'maintenance',
      'appointments',
      'sign-in/access-tokens',
      'sign-in/provider/clients',
      'sign-in/web/interaction-pages',
      'sign-in/web/sign-in-url',
      'sign-in/web/standing-texts',
      'sign-in/step-up/policy',
      'api/problem-texts',
      // A search typed into a form is held to the same schema as one that is sent.
      'api/audit-search-schema',
    ],
    type: [
      'storage',
      'sign-in',
      'events',
      'kps/port',
      'kps/events',
      'network/refusal-counter',
      'telemetry/system-health',
    ],
  },
  // Parts of the start that joins the rooms: main.ts, the commands and the sandbox put them together.
  house: { everything: true, value: [], type: [] },
  // Parts of the command line: they join the rooms as main.ts does, and only cli.ts knows them.
  commands: { everything: true, value: [], type: [] },
};

// Files directly in src/ join the rooms and may import every one of them. Nobody in src/ imports a start, but rooms with
// `everything`.
export const STARTS = ['src/main.ts', 'src/cli.ts'];

// Folders beside src/. `true` = anything; a list = these folders or parts of them; each may always import itself.
export const FOLDERS = {
  src: [],
  // A stand-in that shared code with the client would agree with its mistakes.
  mocks: ['src/person', 'certs-example'],
  'certs-example': [],
  // The verifier must hold against a bridge that lies.
  verifier: [],
  bench: true,
  test: true,
};

// Parts of a folder with a rule of their own. The sandbox is no stand-in: it starts both sides and joins them, as main.ts
// joins the rooms; no stand-in may know it.
export const PARTS = { 'mocks/sandbox': ['src', 'mocks', 'certs-example'] };

// The one file of a folder that may reach another folder's file, whatever the folders' rules say.
export const GATES = {
  // The command and the detaching of ranges check a folder as a stranger would: with the offline verifier, whole.
  'src/commands/audit/offline-verifier.ts': ['verifier/node-api.ts'],
};

// Pure files: clock, randomness, store and network come in as arguments.
export const PURE = [
  /^src\/person\//,
  /^src\/calendar\//,
  /^src\/authority\/(decide|record|transitions|merge-reading|competence)\.ts$/,
  /^src\/authority\/rights\/[^/]+\.ts$/,
  /^src\/mersis\/(guard|check-record)\.ts$/,
  /^src\/maintenance\/window\.ts$/,
  /^src\/authority\/roles\/(judge|grant-rules|forbidden-pairs|assembly-days|role-list|refusal|provinces)\.ts$/,
  /^src\/edevlet\/two-step-rule\.ts$/,
  /^src\/sign-in\/step-up\/judge-code\.ts$/,
  /^src\/fees\/(kurus|fee-class)\.ts$/,
  /^src\/fees\/tariff\/tariff\.ts$/,
  /^src\/fees\/book\/(unit|rebuild-lines)\.ts$/,
  /^src\/documents\/(plain-text|table)\.ts$/,
  /^src\/fees\/statement\/(statement|assemble|charged|statement-document|cells)\.ts$/,
  /^src\/fees\/quarter\/(states|due|transitions)\.ts$/,
  /^src\/fees\/reconciliation\/(classify|settle-by-count|amounts)\.ts$/,
  /^src\/fees\/ahead\/(stop|forecast|savings)\.ts$/,
  /^src\/audit\/(tree|note)\/[^/]+\.ts$/,
  /^src\/audit\/(tree|compact-range|canonical-json|leaf-hash|entry-line)[^/]*\.ts$/,
  /^src\/audit\/entry\.ts$/,
];
// Beside each other, pure files may import these.
export const PURE_NEIGHBOURS = [/^src\/errors\//];
export const PURE_MODULES = ['node:crypto', 'node:util'];
// Randomness and asynchronous work of node:crypto.
export const IMPURE_CRYPTO = /^(random|getRandomValues|generate|webcrypto|subtle|prng|rng|default$|\*$)/;
// Globals that a pure file must not name.
export const IMPURE_GLOBALS = [
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'crypto',
  'performance',
  'globalThis',
  'console',
];

// Folders that must hold a README.md, beside every folder of src/.
export const README_FOLDERS = ['mocks', 'certs-example', 'verifier'];
