/** Markup that may stand in a page as it is. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, for text and for attributes in quotes, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  const parts = strings.map((text, index) => {
    const value = values[index] ?? '';
    return text + (typeof value === 'string' ? escapeHtml(value) : value.text);
  });
  return new Markup(parts.join(''));
}

export const nothing = new Markup('');

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => REPLACEMENTS[character] ?? '');
}
