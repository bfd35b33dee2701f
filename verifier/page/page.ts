import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Text } from '../core/bytes.js';
import type { Environment } from '../core/environment.js';
import type { Check, VerifyReport } from '../core/report.js';
import { verifyFolder } from '../core/verify-folder.js';
import { openBox } from '../core/web-crypto.js';
import { type ChosenFiles, chosenFolder, filesOfInput } from './page-folder.js';
import { titleOf } from './titles.js';

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found as T;
}

/** A line of text in one language. Text only: what stands in a folder never becomes markup. */
function line(tag: string, text: string, language?: 'tr' | 'en', className?: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (language !== undefined) made.lang = language;
  if (className !== undefined) made.className = className;
  return made;
}

function show({ name, ok, tr, en, detail }: Check): void {
  const item = document.createElement('li');
  item.className = ok ? 'ok' : 'fail';
  item.dataset.check = name;
  const head = line('h3', '');
  const [title, englishTitle] = titleOf(name);
  const result = ok ? ['GEÇTİ', 'holds'] : ['GEÇMEDİ', 'fails'];
  head.append(
    line('span', `${ok ? '✔' : '✘'} ${result[0]} / `, 'tr', 'result'),
    line('span', `${result[1]}`, 'en', 'result'),
    line('span', ` — ${title} `, 'tr'),
    line('span', `/ ${englishTitle} `, 'en'),
    line('code', name),
  );
  item.append(head, line('p', tr, 'tr', 'tr'), line('p', en, 'en', 'en'));
  if (detail !== undefined) item.append(line('pre', detail));
  element('checks').append(item);
}

function showVerdict(report: VerifyReport): void {
  const verdict = element('verdict');
  verdict.className = report.ok ? 'ok' : 'fail';
  const failed = report.checks.find((check) => !check.ok)?.name ?? '';
  verdict.replaceChildren(
    line(
      'p',
      report.ok
        ? 'Bütün denetimler olumlu. Anahtarların parmak izlerini karşılaştırmayı unutmayın.'
        : `“${titleOf(failed)[0]}” denetimi olumsuz. Sonraki denetimler buna dayandığı için yapılmadı.`,
      'tr',
    ),
    line(
      'p',
      report.ok
        ? 'Every check holds. Remember to compare the fingerprints of the keys.'
        : `The check “${titleOf(failed)[1]}” fails. Later checks rest on it and were not made.`,
      'en',
    ),
  );
}

/** One after the other: a folder dropped while another is being checked waits its turn. */
let running: Promise<void> = Promise.resolve();

function check(files: ChosenFiles): void {
  running = running.then(() => checkNow(files));
}

async function checkNow(files: ChosenFiles): Promise<void> {
  element('checks').replaceChildren();
  const verdict = element('verdict');
  verdict.className = '';
  const total = files.get('entries.ndjson')?.size ?? 0;
  const progress = (bytes: number) => {
    const percent = total === 0 ? 100 : Math.floor((100 * bytes) / total);
    verdict.textContent = `Denetleniyor… / Checking… ${percent} %`;
  };
  progress(0);
  const environment: Environment = {
    folder: chosenFolder(files, progress),
    sha256Into: (input, out, at) => out.set(sha256(input), at),
    isUtf8: (bytes) => utf8Text(bytes) !== null,
    openBox,
  };
  const trust = { logKeys: given('log-key'), tsaCas: given('tsa-ca') };
  showVerdict(await verifyFolder(environment, trust, show));
}

function given(id: string): readonly string[] {
  const text = element<HTMLTextAreaElement>(id).value.replace(/\r/g, '').trim();
  return text === '' ? [] : [text];
}

const input = element<HTMLInputElement>('folder');
input.addEventListener('change', () => {
  if (input.files !== null && input.files.length > 0) check(filesOfInput(input.files));
  // The same folder may be chosen again, after a file in it was put right.
  input.value = '';
});

// A page opened from disk may not walk a dropped folder (Chromium: EncodingError), but its own input may take one: while
// something is dragged over the page, the input lies over all of it.
document.addEventListener('dragenter', () => document.body.classList.add('dragging'));
document.addEventListener('dragover', (event) => {
  // What is dropped beside the input would be opened instead of this page.
  if (event.target !== input) event.preventDefault();
});
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) document.body.classList.remove('dragging');
});
document.addEventListener('drop', (event) => {
  if (event.target !== input) event.preventDefault();
  document.body.classList.remove('dragging');
});
