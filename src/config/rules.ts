import { whenSound } from './schema/when-sound.js';
import { type CheckedSettings, settingsSchema } from './schema.js';

type Tell = (path: (string | number)[], message: string) => void;

/** A rule over several parts of the settings; it runs where the settings it `needs` have no problem of their own. */
interface Rule {
  readonly needs: readonly string[];
  readonly check: (settings: CheckedSettings, tell: Tell) => void;
}

function tellRepeated(
  values: readonly (string | number)[],
  tell: (index: number, first: number) => void,
): void {
  const seen = new Map<string | number, number>();
  values.forEach((value, index) => {
    const first = seen.get(value);
    if (first === undefined) seen.set(value, index);
    else tell(index, first);
  });
}

/** `client` of entries whose call came by the console. */
const CONSOLE_CLIENT = 'konsol';

const RULES: readonly Rule[] = [
  {
    needs: ['clients', 'accounts'],
    check({ clients, accounts }, tell) {
      const known = new Set(accounts.map((account) => account.id));
      clients.forEach(({ account, permissions, webhook }, index) => {
        const path = ['clients', index, 'account'];
        if (account !== null && !known.has(account)) tell(path, 'names an account that does not exist');
        if (account === null && permissions.includes('identity'))
          tell(path, 'is required for the permission identity');
        if (webhook !== undefined && !permissions.includes('events'))
          tell(['clients', index, 'webhook'], 'needs the permission events');
      });
    },
  },
  {
    needs: ['clients'],
    check({ clients }, tell) {
      tellRepeated(
        clients.map((client) => client.id),
        (index, first) => tell(['clients', index, 'id'], `is also the id of clients[${first}]`),
      );
      // Entries would name both alike.
      clients.forEach(({ id }, index) => {
        if (id === CONSOLE_CLIENT) tell(['clients', index, 'id'], 'is what entries call the console by');
      });
      const certificates = clients.flatMap((client, index) =>
        client.certificates.map((value, position) => ({ value, index, position })),
      );
      tellRepeated(
        certificates.map(({ value }) => value),
        (repeat, first) => {
          const { index, position } = certificates[repeat] ?? { index: 0, position: 0 };
          tell(
            ['clients', index, 'certificates', position],
            `is also a certificate of clients[${certificates[first]?.index}]`,
          );
        },
      );
    },
  },
  {
    needs: ['clients', 'edevlet', 'signIn'],
    check({ clients, edevlet, signIn }, tell) {
      if (signIn !== undefined && edevlet === undefined) tell(['edevlet'], 'is required where signIn is set');
      if (edevlet !== undefined && signIn === undefined) tell(['signIn'], 'is required where edevlet is set');
      clients.forEach(({ signIn: application }, index) => {
        if (application?.authentication === 'private_key_jwt' && application.jwks === undefined)
          tell(['clients', index, 'signIn', 'jwks'], 'is required for the authentication private_key_jwt');
      });
      const start = signIn?.startClient;
      const named = clients.find(({ id }) => id === start)?.signIn?.initiateLoginUri;
      if (start !== undefined && named === undefined)
        tell(['signIn', 'startClient'], 'must name a client with signIn.initiateLoginUri');
    },
  },
  {
    needs: ['authority', 'mersis'],
    check({ authority, mersis }, tell) {
      if (mersis !== undefined && mersis.poll.staleHours > authority.staleAfterHours)
        tell(['mersis', 'poll', 'staleHours'], 'must not be above authority.staleAfterHours');
    },
  },
  {
    needs: ['edevlet'],
    check({ edevlet }, tell) {
      if (edevlet === undefined) return;
      const { profile, issuer, scopes, twoStep } = edevlet;
      if (profile === 'oidc' && issuer === undefined)
        tell(['edevlet', 'issuer'], 'is required for the profile oidc');
      if (profile === 'oidc' && scopes.includes('Kimlik-Dogrula'))
        tell(['edevlet', 'scopes'], 'are those of e-Devlet; name those of the issuer');
      if (twoStep.announcedFrom !== undefined && twoStep.announcedFrom >= twoStep.inForceFrom)
        tell(['edevlet', 'twoStep', 'announcedFrom'], 'must be before inForceFrom');
      twoStep.levels.forEach(({ level, amr }, index) => {
        if ((level === undefined) === (amr === undefined))
          tell(['edevlet', 'twoStep', 'levels', index], 'must have exactly one of level, amr');
      });
    },
  },
  {
    needs: ['accounts'],
    check({ accounts }, tell) {
      for (const key of ['id', 'userName'] as const) {
        tellRepeated(
          accounts.map((account) => account[key]),
          (index, first) => tell(['accounts', index, key], `is also the ${key} of accounts[${first}]`),
        );
      }
    },
  },
  {
    needs: ['audit'],
    check({ audit }, tell) {
      for (const list of ['masterKeys', 'tagKeys'] as const) {
        tellRepeated(
          audit[list].map((key) => key.id),
          (index, first) => tell(['audit', list, index, 'id'], `is also the id of audit.${list}[${first}]`),
        );
      }
      if (audit.maxBatch > audit.maxQueue) tell(['audit', 'maxBatch'], 'must not be above maxQueue');
    },
  },
  {
    needs: ['environment', 'audit'],
    check({ environment, audit: { timestamps } }, tell) {
      if (environment === 'production' && timestamps.authorities.length === 0)
        tell(['audit', 'timestamps', 'authorities'], 'production needs at least one authority');
      tellRepeated(
        timestamps.authorities.map((authority) => authority.id),
        (index, first) =>
          tell(
            ['audit', 'timestamps', 'authorities', index, 'id'],
            `is also the id of audit.timestamps.authorities[${first}]`,
          ),
      );
      timestamps.authorities.forEach(({ authentication, userName, customerNo, password }, index) => {
        const path = ['audit', 'timestamps', 'authorities', index];
        if (authentication !== 'none' && password === undefined)
          tell([...path, 'password'], `is required for the authentication ${authentication}`);
        if (authentication === 'basic' && userName === undefined)
          tell([...path, 'userName'], 'is required for the authentication basic');
        if (authentication === 'kamusm' && customerNo === undefined)
          tell([...path, 'customerNo'], 'is required for the authentication kamusm');
      });
    },
  },
  {
    needs: ['audit'],
    check({ audit: { signals } }, tell) {
      tellRepeated(
        signals.map((rule) => rule.code),
        (index, first) =>
          tell(['audit', 'signals', index, 'code'], `is also the code of audit.signals[${first}]`),
      );
    },
  },
  {
    needs: ['purposes'],
    check({ purposes }, tell) {
      tellRepeated(
        purposes.map((purpose) => purpose.code),
        (index, first) => tell(['purposes', index, 'code'], `is also the code of purposes[${first}]`),
      );
    },
  },
  {
    needs: ['kps.timeoutMs', 'kps.stsTimeoutMs', 'limits.answerDeadlineMs'],
    check({ kps, limits }, tell) {
      if (kps.timeoutMs + kps.stsTimeoutMs >= limits.answerDeadlineMs) {
        tell(
          ['limits', 'answerDeadlineMs'],
          'must be above kps.timeoutMs + kps.stsTimeoutMs: an intent must not be closed as unknown while its answer may come',
        );
      }
    },
  },
  {
    needs: ['listeners.service.drainMs', 'limits.answerDeadlineMs'],
    check({ listeners, limits }, tell) {
      if (listeners.service.drainMs < limits.answerDeadlineMs) {
        tell(
          ['listeners', 'service', 'drainMs'],
          'must not be below limits.answerDeadlineMs: a stop would cut answers off',
        );
      }
    },
  },
  {
    needs: ['listeners.service.headersTimeoutMs', 'listeners.service.requestTimeoutMs'],
    check({ listeners: { service } }, tell) {
      if (service.headersTimeoutMs > service.requestTimeoutMs)
        tell(['listeners', 'service', 'headersTimeoutMs'], 'must not be above requestTimeoutMs');
    },
  },
  {
    needs: ['listeners'],
    check({ listeners: { service, web, ops } }, tell) {
      if (web.port !== 0 && web.port === service.port)
        tell(['listeners', 'web', 'port'], 'must differ from listeners.service.port');
      if (ops.port !== 0 && ops.port === service.port)
        tell(['listeners', 'ops', 'port'], 'must differ from listeners.service.port');
      if (ops.port !== 0 && ops.port === web.port)
        tell(['listeners', 'ops', 'port'], 'must differ from listeners.web.port');
    },
  },
  {
    needs: ['environment', 'database'],
    check({ environment, database }, tell) {
      if (environment === 'production' && database.embedded !== undefined) {
        tell(['database', 'embedded'], 'serves development and sandbox only; production needs database.url');
      }
      if (database.embedded !== undefined && database.ownerUrl !== undefined)
        tell(['database', 'ownerUrl'], 'has no use beside database.embedded');
      const migrates = database.migrateOnStart ?? environment !== 'production';
      if (database.url !== undefined && database.ownerUrl === undefined && migrates) {
        tell(['database', 'ownerUrl'], 'is required where migrations run at the start (migrateOnStart)');
      }
    },
  },
];

const byNeeds = RULES.reduce<typeof settingsSchema>(
  (schema, rule) =>
    schema.superRefine(
      (settings, context) =>
        rule.check(settings, (path, message) => context.addIssue({ code: 'custom', path, message })),
      { when: whenSound(...rule.needs) },
    ),
  settingsSchema,
);

/** The schema with the rules that hold between its parts. */
export const bridgeSchema = byNeeds;
