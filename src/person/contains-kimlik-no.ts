import { KimlikNo } from './kimlik-no.js';

/** Digits of an identity number. */
const DIGITS = 11;
/** Unbroken runs that are looked at: of a number's own length, or of a MERSİS number's. */
const RUNS = /(?<![0-9])(?:[0-9]{11}|[0-9]{16})(?![0-9])/g;
/**
 * What stands behind the kimlik no in a natural person's MERSİS number: no rule for the five digits is published, but they
 * count from `0001` and end with one digit more. Other numbers of sixteen digits (receipts) pass, whatever they begin with.
 */
const MERSIS_TAIL = /^00[0-9]{3}$/;
/** Groups of digits that one and the same separator parts, once or twice at a place; read after `plain`. */
const CHAINS = [' ', '\\.', '-', '/', '_'].map(
  (one) => new RegExp(`(?<![0-9])[0-9]+(?:${one}{1,2}[0-9]+)+`, 'g'),
);
/** First digits under which numbers of foreigners are known (facts/kps.md §6). */
const FOREIGNERS = /^9[89]/;

const SPACES = /[\p{Zs}\t]/gu;
const DASHES = /[\p{Pd}\u2212\u02d7\u2043]/gu;
const SLASHES = /[\\\u2044\u2215]/g;
const DOTS = /[\u00b7\u2022\u2219\u22c5]/g;
/** Nothing that a reader sees as a sign of its own: format characters, fillers, variation selectors, combining marks. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}]/gu;
const FOREIGN_DIGITS = /(?![0-9])\p{Nd}/gu;
const DIGIT = /^\p{Nd}$/u;

/**
 * What only systems write and what has groups of digits by its form: UUIDs, and the number of an official letter
 * (`E-12345678-622.03-1234`: eight digits of the office and three of the file make eleven, every time).
 */
const GROUPED_BY_FORM =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])|[EZ]-[0-9]{8}-[0-9]{3}(?:\.[0-9]{2}){0,3}-[0-9]+)/gi;
/** Ids by their form: UUIDs (RFC 9562), span ids of 16 and other ids of 20 to 64 lower-case hexadecimal digits, a letter among them. */
const MACHINE_IDS =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}|(?=[0-9]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{20,64}))(?![0-9A-Za-z])/g;

/**
 * True where `text` holds an identity number, letters beside it or not, alone or at the head of a natural person's MERSİS
 * number; in the digits of any script, with invisible characters inside, and in groups that one separator parts throughout
 * (space, dot, dash, slash or underscore: `643 519 983 86`). For fields that are shown in clear (file numbers, reasons,
 * screen codes): a number typed into the wrong field must not come to stand there for ever. Every unbroken run of eleven
 * that starts with 9 counts: a YKN may fail its checksum. In groups it must hold, or the number start as foreigners' do:
 * amounts and file numbers are written in groups too.
 */
export function containsKimlikNo(text: string): boolean {
  const seen = plain(text);
  // As it was typed, too: what vanishes or becomes a digit in `seen` (a footnote's ²) may be what parts it from other digits.
  return holdsRun(asciiDigits(text)) || holdsRun(seen) || holdsGroups(seen.replace(GROUPED_BY_FORM, ';'));
}

/**
 * The same for the ids that programs make: in UUIDs and long hexadecimal ids such runs come about by chance, one in some
 * thousand, and a program could do nothing about a refusal. Whatever has not that form is looked at as any other text.
 */
export function idContainsKimlikNo(text: string): boolean {
  return containsKimlikNo(text.replace(MACHINE_IDS, ';'));
}

function holdsRun(text: string): boolean {
  return (text.match(RUNS) ?? []).some(isPersonal);
}

function holdsGroups(text: string): boolean {
  return CHAINS.some((chain) => (text.match(chain) ?? []).some(chainHolds));
}

/** Looks at every row of neighbouring groups that makes eleven digits, or sixteen: other groups may stand beside it. */
function chainHolds(chain: string): boolean {
  const groups = chain.match(/[0-9]+/g) ?? [];
  return groups.some((_, from) => {
    let digits = '';
    for (let at = from; at < groups.length && digits.length < DIGITS + 5; at += 1) {
      digits += groups[at];
      if (at > from && isPersonal(digits) && (checksumHolds(digits) || FOREIGNERS.test(digits))) return true;
    }
    return false;
  });
}

/** Eleven digits that may be an identity number, or sixteen that have the form of a MERSİS number with one. */
function isPersonal(digits: string): boolean {
  const tail = digits.slice(DIGITS);
  return (tail === '' || MERSIS_TAIL.test(tail)) && KimlikNo.parse(digits.slice(0, DIGITS)).ok;
}

function checksumHolds(digits: string): boolean {
  const parsed = KimlikNo.parse(digits.slice(0, DIGITS));
  return parsed.ok && parsed.warning === undefined;
}

/** The text as a reader takes it: compatibility forms resolved, nothing unseen, ASCII digits, one sign for each separator. */
function plain(text: string): string {
  const folded = asciiDigits(text.normalize('NFKC').replace(UNSEEN, ''));
  return folded.replace(SPACES, ' ').replace(DASHES, '-').replace(SLASHES, '/').replace(DOTS, '.');
}

function asciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGITS, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/** Unicode keeps a script's digits together, zero to nine in order; where sets touch, each has ten (its stability policy). */
function digitValue(digit: number): number {
  let first = digit;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return (digit - first) % 10;
}
