import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** The largest that the settings take: a handful of board members ask for a whole country here. */
const LIMITS = {
  queriesPerUserPerMinute: 100_000,
  queriesPerUserPerDay: 1_000_000,
  nonMatchesPerPersonPerDay: 100,
};
const REQUESTS_PER_MINUTE = 1_000_000;
/** One token for the whole run, in all three ways: what is measured is the call. */
const TOKEN_LIFETIME_S = 86_400;

/** Lifts the quotas in the bridge's settings; everything else stays as the sandbox has it. */
export function liftQuotas(configFile: string): void {
  const settings = parse(readFileSync(configFile, 'utf8')) as { clients: object[] };
  const clients = settings.clients.map((client) => ({ ...client, requestsPerMinute: REQUESTS_PER_MINUTE }));
  const text = stringify({ ...settings, clients, limits: LIMITS }, { aliasDuplicateObjects: false });
  writeFileSync(configFile, text, { mode: 0o600 });
}

/** Lets the stand-in's tokens outlive the run. */
export function lengthenTokens(standInsFile: string): void {
  const settings = JSON.parse(readFileSync(standInsFile, 'utf8')) as object;
  writeFileSync(standInsFile, JSON.stringify({ ...settings, tokenLifetimeS: TOKEN_LIFETIME_S }), {
    mode: 0o600,
  });
}
