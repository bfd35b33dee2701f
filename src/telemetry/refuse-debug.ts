import { BridgeError } from '../errors/bridge-error.js';

export interface StartSurroundings {
  readonly environment: 'development' | 'sandbox' | 'production';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.execArgv`: options of Node itself. */
  readonly execArgv: readonly string[];
}

/**
 * Options of Node that lay open what the bridge keeps closed: a debugger reads memory, a key log opens recorded TLS,
 * heap snapshots and reports write memory and environment to disk.
 */
const OPEN_OPTIONS = [
  '--inspect',
  '--tls-keylog',
  '--trace-tls',
  '--heapsnapshot-',
  '--report-on-',
  '--report-uncaught-exception',
];

/**
 * `soap` prints whole envelopes under its name, passwords and answers included; the OpenID provider, its cookies and the web's router
 * print addresses with ids in them, and parameters.
 */
const OPEN_NAMES = ['node-soap', 'oidc-provider', 'koa', 'express', 'router', 'follow-redirects'];

/** DEBUG as the `debug` package reads it: names split by commas or blanks, `*` for anything, `-` excludes. */
function showsTooMuch(debug: string): boolean {
  return debug
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '' && !name.startsWith('-'))
    .some((name) => {
      if (OPEN_NAMES.some((open) => name.includes(open))) return true;
      const [start = '', ...rest] = name.split('*');
      return rest.length > 0 && OPEN_NAMES.some((open) => open.startsWith(start));
    });
}

/** Node reads `--tls_keylog` as `--tls-keylog`, and quotes in NODE_OPTIONS. */
function openOptions(words: readonly string[]): string[] {
  const names = words.map((word) => word.replaceAll('"', '').replaceAll('_', '-').toLowerCase());
  return OPEN_OPTIONS.filter((option) => names.some((name) => name.startsWith(option)));
}

/**
 * Refuses a start whose surroundings would print or give away what nobody may see: outside development DEBUG for what prints
 * too much, NODE_DEBUG, a debugger, a TLS key log; everywhere NODE_TLS_REJECT_UNAUTHORIZED=0. Throws `START_REFUSED` that names
 * the switches, never their values.
 */
export function refuseDebugSwitches({ environment, env, execArgv }: StartSurroundings): void {
  const switches: string[] = [];
  if (env.NODE_TLS_REJECT_UNAUTHORIZED?.trim() === '0') switches.push('NODE_TLS_REJECT_UNAUTHORIZED');
  if (environment !== 'development') {
    if (showsTooMuch(env.DEBUG ?? '')) switches.push('DEBUG');
    for (const name of ['NODE_DEBUG', 'NODE_DEBUG_NATIVE']) if ((env[name] ?? '') !== '') switches.push(name);
    switches.push(...openOptions([...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)]));
  }
  if (switches.length === 0) return;
  throw new BridgeError('START_REFUSED', `not started while this is set: ${switches.join(', ')}`, {
    fields: { switches: switches.join(' '), environment },
  });
}
