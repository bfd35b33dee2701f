import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Tone } from '../frame/parts.js';
import type { AgingSecret, EndingThing, OperationPorts } from './operation-port.js';

const DAY_MS = 86_400_000;
/** Of a fingerprint, enough to tell certificates apart. */
const PRINT_LENGTH = 16;

type Limits = Pick<OperationPorts, 'secretDays' | 'warnDays'>;

/** Something whose days are counted. `print`: first signs of a certificate's SHA-256. */
export interface EndingRow {
  readonly kind: EndingThing['kind'];
  readonly name: string;
  readonly endsAt: Date;
  readonly left: number;
  readonly tone: Tone;
  readonly print: string | null;
}

/** Certificates and keys with whole days left, those that end first before. */
export function endingRows(
  endings: readonly EndingThing[],
  at: Date,
  warnDays: number,
): readonly EndingRow[] {
  const sorted = [...endings].sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime());
  return sorted.map(({ endsAt, fingerprint, kind, name }) => {
    const left = Math.floor((endsAt.getTime() - at.getTime()) / DAY_MS);
    const tone = left < 0 ? 'problem' : left <= warnDays && kind === 'certificate' ? 'warning' : 'good';
    return { kind, name, endsAt, left, tone, print: fingerprint?.slice(0, PRINT_LENGTH) ?? null };
  });
}

/** A secret with the days until it should change; `left` null: nobody knows its age. */
export interface SecretRow {
  readonly path: string;
  readonly written: BothLanguages;
  readonly left: number | null;
  readonly tone: Tone;
}

/** Secrets in the order of the settings. */
export function secretRows(
  secrets: readonly AgingSecret[],
  at: Date,
  { secretDays, warnDays }: Limits,
): readonly SecretRow[] {
  return secrets.map(({ changedAt, path }) => {
    if (changedAt === null)
      return { path, written: { tr: 'ortam değişkeni', en: 'environment' }, left: null, tone: 'calm' };
    const left = secretDays - Math.floor((at.getTime() - changedAt.getTime()) / DAY_MS);
    const tone = left < 0 ? 'problem' : left <= warnDays ? 'warning' : 'good';
    return { path, written: momentText(changedAt), left, tone };
  });
}
