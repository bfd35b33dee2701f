const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text or attribute value for an answer. What comes from a request was parsed before, so it holds no forbidden character. */
export function escapeXml(text: string): string {
  return /[&<>"\r]/.test(text)
    ? text.replace(/[&<>"\r]/g, (character) => REPLACEMENTS[character] ?? '')
    : text;
}
