import { type Html, html } from './html.js';
import { KOOPBIS_PATHS } from './paths.js';

/** A whole page. `name`: what the page is, for tests and walkers. */
export function page(name: string, title: string, main: Html): string {
  return html`<!DOCTYPE html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – KOOPBİS (deneme)</title>
<link rel="stylesheet" href="${KOOPBIS_PATHS.stylesheet}">
</head>
<body>
<a class="skip" href="#icerik">İçeriğe geç</a>
<header><p><a href="${KOOPBIS_PATHS.home}">KOOPBİS</a> <span>Kooperatif Bilgi Sistemi – deneme uygulaması</span></p></header>
<main id="icerik" data-page="${name}">
<h1>${title}</h1>
${main}
</main>
<footer><p>Bu bir deneme uygulamasıdır; buradaki herkes üretilmiştir. <span lang="en">A demonstration; everybody here is made up.</span></p></footer>
</body>
</html>
`.text;
}

/** A page with nothing but a message and the way back. */
export function messagePage(name: string, title: string, tr: string, en: string): string {
  return page(
    name,
    title,
    html`<p>${tr}</p>
<p lang="en">${en}</p>
<p><a class="button" href="${KOOPBIS_PATHS.home}">Ana sayfa <span lang="en">(home)</span></a></p>`,
  );
}

/** The one stylesheet: 16 px and more, contrast of 7:1 and more, one column at 360 px. */
export const STYLESHEET = `:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
header, footer { background: #12344d; color: #fff; padding: 0.5rem 1rem; }
header a { color: #fff; font-weight: 700; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.25rem; }
a { color: #0b4f86; }
[lang="en"] { color: #4a4a4a; }
header [lang="en"], footer [lang="en"] { color: #fff; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; display: inline-block; padding: 0.5rem; }
label { display: block; font-weight: 600; }
.hint { display: block; font-weight: 400; color: #4a4a4a; }
input, select { width: 100%; padding: 0.5rem; font: inherit; border: 2px solid #4a4a4a; border-radius: 4px; background: #fff; color: #1b1b1b; }
.field { margin: 0 0 1rem; }
button, .button { display: inline-block; padding: 0.6rem 1.1rem; font: inherit; font-weight: 600; color: #fff; background: #0b4f86; border: 2px solid #0b4f86; border-radius: 4px; text-decoration: none; cursor: pointer; }
.button [lang="en"], button [lang="en"] { color: #fff; }
:focus-visible { outline: 3px solid #b35900; outline-offset: 2px; }
dt { font-weight: 600; }
dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.told { border-left: 6px solid #0b4f86; background: #eef4f9; padding: 0.5rem 1rem; margin: 0 0 1rem; }
.told.bad { border-color: #a30000; background: #fdf0f0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid #767676; }
`;
