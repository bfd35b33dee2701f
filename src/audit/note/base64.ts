/**
 * The bytes of standard base64 (RFC 4648 §4) with its padding and no superfluous bits; null for anything else. Node reads
 * much more: with it one note or proof would have many spellings.
 */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : null;
}
