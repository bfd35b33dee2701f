import { userInfo } from 'node:os';

/** The operating-system user that this process runs as; its number where the system's table has no name for it. */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
