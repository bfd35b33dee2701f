import type { SignalPlace } from './list-signals.js';

/** A place as it is printed; fifteen digits are more leaves than a log can have. */
const PLACE = /^(open|decided):([0-9]{1,15})$/;

/** A place of the list as text: `open:1234`. */
export function signalPlaceText({ open, raisedLeaf }: SignalPlace): string {
  return `${open ? 'open' : 'decided'}:${raisedLeaf}`;
}

/** The place that `text` names; null where it names none. */
export function parseSignalPlace(text: string): SignalPlace | null {
  const [, part, leaf] = PLACE.exec(text) ?? [];
  return part === undefined || leaf === undefined
    ? null
    : { open: part === 'open', raisedLeaf: BigInt(leaf) };
}
