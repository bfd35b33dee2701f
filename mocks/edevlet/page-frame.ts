import { createHash } from 'node:crypto';
import type { HttpReply } from '../http/http-reply.js';
import { html, Markup } from './html.js';
import { htmlReply } from './replies.js';

/** In the page, so that it costs no request: a fault with a count hits calls, not a stylesheet. */
const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#f2f4f7}
header,main,footer{max-width:28rem;margin:0 auto;padding:1rem}
main{background:#fff;border-top:4px solid #b3122a;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}
label{display:block;font-weight:600;margin-top:1rem}
input{width:100%;font:inherit;padding:.6rem;border:2px solid #59606b;border-radius:4px}
button{width:100%;min-height:44px;margin-top:1rem;font:inherit;font-weight:600;border-radius:4px;border:2px solid #8f0e21;background:#b3122a;color:#fff}
button.second{background:#fff;color:#8f0e21}
input:focus,button:focus,a:focus{outline:3px solid #14509e;outline-offset:2px}
.problem{border-left:4px solid #b3122a;padding:.5rem .75rem;background:#fdecee}
.hint{margin:.25rem 0}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Nothing is loaded, nothing runs, nobody frames it. `form-action` cannot be narrower than https: browsers apply it to the
 * redirects behind a form too, and those go on from the relying party to whoever sent the person there.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  'img-src data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'form-action https:',
].join('; ');

export interface PageParts {
  readonly page: 'password' | 'second-step' | 'error';
  /** What went wrong, as a stable name. */
  readonly code?: string | undefined;
  readonly title: string;
  readonly body: Markup;
}

/** A page of ours: Turkish, without scripts, for keyboard and screen reader, from 360 px. */
export function pageReply(
  status: number,
  { page, code, title, body }: PageParts,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const mark = code === undefined ? html`` : html` data-code="${code}"`;
  const text = html`<!DOCTYPE html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - e-Devlet benzeticisi</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><strong>e-Devlet benzeticisi</strong></header>
<main data-page="${page}"${mark}>
<h1>${title}</h1>
${body}
</main>
<footer><p>Burası e-Devlet Kapısı değildir: deneme ortamının benzeticisidir. Gerçek şifrenizi yazmayın.</p></footer>
</body>
</html>
`;
  return htmlReply(status, text.text, {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Frame-Options': 'DENY',
    ...headers,
  });
}
