import { openConsole } from './console/open-console.js';
import type { ConsoleParts } from './console/parts.js';
import { startWeb } from './public-log.js';
import type { OpenSignIn } from './sign-in/doors.js';

/** What the web needs; `signIn` null: only the log's public files are served. */
export type WebParts = Omit<ConsoleParts, 'signIn'> & { readonly signIn: OpenSignIn | null };

/** Opens what browsers reach: the log's public files, sign-in, the console with its chores. `close` ends both. */
export async function openWeb(parts: WebParts): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { config, db, published, signIn } = parts;
  const console = signIn === null ? null : openConsole({ ...parts, signIn });
  const web = await startWeb(config, db, published.publisher, signIn, console?.router ?? null);
  const stopChores = console?.startChores();
  return {
    port: web.port,
    close: async () => {
      await web.close();
      await stopChores?.();
    },
  };
}
