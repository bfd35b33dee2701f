/** Markup that is safe to send: only `html` makes it, and only `html` lets it through unescaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[] | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup with every value escaped, but markup itself; null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const filled = values.map((value, i) => `${textOf(value)}${parts[i + 1] ?? ''}`);
  return new Html(`${parts[0] ?? ''}${filled.join('')}`);
}

function textOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((one) => one.text).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
